import type {SyncKind} from '../observer.ts'

/** One sync that did something to the kernel, or tried to; a line of the journal, as JSON. */
export interface JournalEntry {
	/** When it ended, RFC 3339. */
	readonly time: string
	readonly cause: SyncKind
	/** What bears on all Services of this node has changed: its Node, its addresses, the Service networks. */
	readonly isOfNode?: true
	/** The first of the Services that were compiled for it (`namespace/name`), and how many there are besides. */
	readonly services?: readonly string[]
	readonly moreServices?: number
	readonly milliseconds?: number
	/** In their order, those that failed last. */
	readonly changes: readonly JournalChange[]
	/** How many more were done, by kind, and how many more failed. */
	readonly more?: Readonly<Record<string, number>>
	readonly moreFailures?: number
	/** How many failed in the same way as in the last audit that had failures; these are not among the changes. */
	readonly failuresAsBefore?: number
	/** Why the sync could not be done to its end. */
	readonly error?: string
}

export interface JournalChange {
	/** `namespace/name` of the Service that asked for it; absent where nobody did, or where it cannot be told. */
	readonly service?: string
	/** As `plan` prints it. */
	readonly operation: string
	/** Code of the kernel's error, or SKIPPED, or LOST; absent where it was done. */
	readonly error?: string
}

/** Undefined for a line that is none, such as the last one of a process that was killed. */
export const parseEntry = (line: string): JournalEntry | undefined => {
	try {
		const entry = JSON.parse(line)
		return isEntry(entry) ? entry : undefined
	} catch {
		return undefined
	}
}

const isEntry = (found: Partial<JournalEntry> | null): found is JournalEntry =>
	typeof found?.time === 'string' &&
	typeof found.cause === 'string' &&
	Array.isArray(found.changes) &&
	found.changes.every(change => typeof change?.operation === 'string')

/** Which part of a journal is asked for; everything where nothing is said. */
export interface JournalFilter {
	/** Which Services (`namespace/name`). */
	readonly isAskedFor?: (service: string | undefined) => boolean
	/** Milliseconds since 1970. */
	readonly since?: number
}

/**
 * What of an entry a filter lets through; undefined for none. A change of which it cannot be told who asked for it may
 * be that of any Service of its sync; so may be what is only counted, and what a sync that failed as a whole has not done.
 */
export const filterEntry = (entry: JournalEntry, {isAskedFor, since}: JournalFilter): JournalEntry | undefined => {
	if (since !== undefined && Date.parse(entry.time) < since) {
		return undefined
	}
	if (!isAskedFor) {
		return entry
	}
	const isAmong = entry.services?.some(isAskedFor) ?? false
	const changes = entry.changes.filter(({service}) => (service === undefined ? isAmong : isAskedFor(service)))
	const isAnybodys = [entry.more, entry.moreFailures, entry.error].some(part => part !== undefined)
	return changes.length > 0 || isAnybodys ? {...entry, changes} : undefined
}

/** A line for each change, and one for what is not spelt out. */
export const formatEntry = ({time, cause, changes, error, ...entry}: JournalEntry): readonly string[] => {
	const {more = {}, moreFailures = 0, failuresAsBefore = 0} = entry
	const start = `${time}  ${(cause === 'change' && entry.isOfNode ? 'node' : cause).padEnd(6)}`
	const rest = Object.entries(more).map(([kind, count]) => `${kind} ${count}`)
	return [
		...changes.map(change => {
			const failure = change.error === undefined ? '' : `  FAILED: ${change.error}`
			return `${start}  ${change.service ?? '-'}  ${change.operation}${failure}`
		}),
		...(rest.length > 0 ? [`${start}  and more: ${rest.join(', ')}`] : []),
		...(moreFailures > 0 ? [`${start}  and ${moreFailures} failures more`] : []),
		...(failuresAsBefore > 0 ? [`${start}  FAILED as before: ${failuresAsBefore}`] : []),
		...(error === undefined ? [] : [`${start}  FAILED: ${error}`]),
	]
}
