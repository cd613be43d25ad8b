import {sleep, systemClock} from '../clock.ts'
import {parseDuration} from '../config/duration.ts'
import type {Config} from '../config/fields.ts'
import {filterEntry, formatEntry, type JournalEntry, type JournalFilter} from '../observe/journal/journal-entry.ts'
import {JournalReader} from '../observe/journal/journal-reader.ts'
import {Failure} from './failure.ts'
import {type OutputFormat, print, render, toJSON} from './output.ts'
import {serviceFilter} from './service-filter.ts'

export interface JournalOptions {
	/** As `serviceFilter` has it. */
	readonly service?: string
	/** `10m`, or a time as of RFC 3339. */
	readonly since?: string
	/** Go on until ended, or until nobody reads any more. */
	readonly follow?: boolean
}

/** How often `--follow` looks. */
const PAUSE_MILLISECONDS = 300

/** Prints what was changed in the kernel of this node, when and why. */
export const journal = async (
	{runtimeDirectory}: Config,
	format: OutputFormat,
	{service, since, follow = false}: JournalOptions,
): Promise<number> => {
	const filter: JournalFilter = {
		...(service === undefined ? {} : {isAskedFor: serviceFilter(service)}),
		...(since === undefined ? {} : {since: parseSince(since, systemClock.wall())}),
	}
	const reader = new JournalReader(runtimeDirectory)
	const read = () => reader.read().catch(asFailure)
	const select = (entries: readonly JournalEntry[] = []) => entries.flatMap(entry => filterEntry(entry, filter) ?? [])
	if (!follow) {
		const entries = await read()
		if (!entries) {
			throw new Failure(
				`${runtimeDirectory} has no journal: nothing has been changed here yet, or journalMegabytes is 0`,
			)
		}
		const syncs = select(entries)
		print(format, {syncs}, () => (syncs.length > 0 ? syncs.flatMap(formatEntry) : ['nothing was changed']))
		return 0
	}
	let isRead = true
	process.stdout.once('error', () => {
		isRead = false
	})
	while (isRead) {
		for (const entry of select(await read())) {
			process.stdout.write(renderOne(format, entry))
		}
		await sleep(systemClock, PAUSE_MILLISECONDS)
	}
	return 0
}

const asFailure = (error: Error): never => {
	throw new Failure(`the journal cannot be read: ${error.message}`)
}

/** Documents one after the other: JSON of a line each, YAML with dashes between them. */
const renderOne = (format: OutputFormat, entry: JournalEntry): string => {
	switch (format) {
		case 'json':
			return `${toJSON(entry)}\n`
		case 'yaml':
			return `---\n${render(format, entry, () => [])}`
		default:
			return render(format, entry, () => formatEntry(entry))
	}
}

/** Milliseconds since 1970. */
const parseSince = (text: string, now: number): number => {
	const duration = parseDuration(text)
	const time = duration === undefined ? Date.parse(RFC_3339.test(text) ? text : '') : now - duration
	if (Number.isNaN(time)) {
		throw new Failure(`--since: "${text}" is neither a duration such as 10m nor a time such as 2026-01-31T12:00:00Z`)
	}
	return time
}

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/
