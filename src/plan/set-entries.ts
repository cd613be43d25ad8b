import {elementOf, type PresentSet, type SetEntry} from '../state/ipset.ts'
import type {ActualSet} from '../state/node-state.ts'

/** Members of a set that are also found by parts of their text, without a look at all of them. */
export class SetEntries extends Set<SetEntry> {
	readonly #byDestination = new Index(destinationOf)
	readonly #byMark = new Index(markTextOf)

	constructor(entries: Iterable<SetEntry>) {
		// Not to the Set's own constructor, which would add them before there is an index.
		super()
		for (const entry of entries) {
			this.add(entry)
		}
	}

	override add(entry: SetEntry): this {
		this.#byDestination.add(entry)
		this.#byMark.add(entry)
		return super.add(entry)
	}

	override delete(entry: SetEntry): boolean {
		this.#byDestination.delete(entry)
		this.#byMark.delete(entry)
		return super.delete(entry)
	}

	at(destination: string): Iterable<SetEntry> {
		return this.#byDestination.at(destination)
	}

	withMark(mark: number): Iterable<SetEntry> {
		return this.#byMark.at(textOf(mark))
	}
}

/** Entries by a part of their text; most parts are those of one entry alone. */
class Index {
	readonly #partOf: (entry: SetEntry) => string | undefined
	readonly #entries = new Map<string, SetEntry | Set<SetEntry>>()

	constructor(partOf: (entry: SetEntry) => string | undefined) {
		this.#partOf = partOf
	}

	add(entry: SetEntry): void {
		const part = this.#partOf(entry)
		if (part === undefined) {
			return
		}
		const found = this.#entries.get(part)
		if (typeof found === 'object') {
			found.add(entry)
		} else {
			this.#entries.set(part, found === undefined ? entry : new Set([found, entry]))
		}
	}

	delete(entry: SetEntry): void {
		const part = this.#partOf(entry) ?? ''
		const found = this.#entries.get(part)
		if (typeof found === 'object') {
			found.delete(entry)
		}
		if (found === entry || (typeof found === 'object' && found.size === 0)) {
			this.#entries.delete(part)
		}
	}

	at(part: string): Iterable<SetEntry> {
		const found = this.#entries.get(part) ?? []
		return typeof found === 'string' ? [found] : found
	}
}

/** Where packets go: `10.96.0.10,tcp:80` of `10.96.0.10,tcp:80,198.51.100.0/24`; a whole address, or the number of a port. */
export const destinationOf = (entry: SetEntry): string => elementOf(entry).split(',', 2).join(',')

/** Of a mark whose mask leaves bits as they are. */
const markTextOf = (entry: SetEntry): string | undefined => / (0x[0-9a-f]+)\//.exec(entry)?.[1]

const textOf = (mark: number): string => `0x${mark.toString(16)}`

/** Members of sets of these types say more than the destination. */
const saysMore = ({type, hasMarks}: PresentSet): boolean => hasMarks || /^hash:ip,port,/.test(type)

/** The same members, with what it takes to find them. */
export const findable = (definition: PresentSet, entries: Iterable<SetEntry>): Set<SetEntry> =>
	saysMore(definition) ? new SetEntries(entries) : new Set(entries)

export const indexed = (entries: Iterable<SetEntry>): SetEntries =>
	entries instanceof SetEntries ? entries : new SetEntries(entries)

/** The members that are about this destination. */
export const entriesAt = ({definition, entries}: ActualSet, destination: string): Iterable<SetEntry> => {
	if (saysMore(definition)) {
		return indexed(entries).at(destination)
	}
	return entries.has(destination) ? [destination] : []
}
