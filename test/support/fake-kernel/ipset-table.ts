import {isKnownType, readEntry, readMark, SyntaxTrouble} from './ipset-entries.ts'

export interface FakeSet {
	readonly type: string
	readonly isIPv6: boolean
	readonly maxElements: number
	/** Members may have a mark (`skbinfo`). */
	readonly hasMarks: boolean
	/** What `ipset save` writes behind each element: ` skbmark 0x1/0xf` or nothing. */
	readonly entries: Map<string, string>
}

export interface FakeEntry {
	readonly element: string
	readonly mark: string
}

/** Why the kernel refuses, in ipset's words; undefined for done. */
export type Refusal = string | undefined

export const MISSING_SET = 'The set with the given name does not exist'

/** The sets of one network namespace, with `-exist` in force (net/netfilter/ipset/ip_set_core.c). */
export class IpsetTable {
	readonly sets = new Map<string, FakeSet>()
	readonly #isUsed: (name: string) => boolean

	constructor(isUsed: (name: string) => boolean) {
		this.#isUsed = isUsed
	}

	/** A line other than `add` and `del`; throws a SyntaxTrouble for one that ipset itself does not understand. */
	command(verb: string, name: string, rest: readonly string[]): Refusal {
		switch (verb) {
			case '':
			case 'COMMIT':
				return undefined
			case 'create':
				return this.#create(name, rest)
			case 'flush':
				this.sets.get(name)?.entries.clear()
				return this.sets.has(name) ? undefined : MISSING_SET
			case 'destroy':
				return this.#destroy(name)
			case 'swap':
				return this.#swap(name, rest[0] ?? '')
			default:
				throw new SyntaxTrouble(`unknown argument ${verb}`)
		}
	}

	change(verb: 'add' | 'del', name: string, {element, mark}: FakeEntry): Refusal {
		const set = this.sets.get(name)
		if (!set) {
			return MISSING_SET
		}
		if (verb === 'del') {
			set.entries.delete(element)
			return undefined
		}
		if (!set.entries.has(element) && set.entries.size >= set.maxElements) {
			return 'Hash is full, cannot add more elements'
		}
		if (mark !== '' && !set.hasMarks) {
			return 'mark target extension is not supported by the set'
		}
		set.entries.set(element, mark)
		return undefined
	}

	/** The canonical text of an entry of this set, which is there, and of its mark. */
	read(name: string, text: string, options: readonly string[]): FakeEntry {
		const {type = '', isIPv6 = false} = this.sets.get(name) ?? {}
		return {element: readEntry(type, isIPv6, text), mark: readMark(options)}
	}

	#create(name: string, [type = '', ...options]: readonly string[]): Refusal {
		if (name.length > 31) {
			throw new SyntaxTrouble(`setname '${name}' is longer than 31 characters`)
		}
		if (!isKnownType(type)) {
			throw new SyntaxTrouble(`typename '${type}' is unknown`)
		}
		const option = (key: string) => (options.includes(key) ? options[options.indexOf(key) + 1] : undefined)
		const isIPv6 = option('family') === 'inet6'
		const maxElements = type === 'bitmap:port' ? 65_536 : Number(option('maxelem') ?? 65_536)
		const made: FakeSet = {type, isIPv6, maxElements, hasMarks: options.includes('skbinfo'), entries: new Map()}
		const known = this.sets.get(name)
		if (known) {
			return isSameSet(known, made) ? undefined : 'Set cannot be created: set with the same name already exists'
		}
		this.sets.set(name, made)
		return undefined
	}

	#destroy(name: string): Refusal {
		if (this.#isUsed(name)) {
			return 'Set cannot be destroyed: it is in use by a kernel component'
		}
		this.sets.delete(name)
		return undefined
	}

	#swap(from: string, to: string): Refusal {
		const [a, b] = [this.sets.get(from), this.sets.get(to)]
		if (!a || !b) {
			return a ? 'Sets cannot be swapped: the second set does not exist' : MISSING_SET
		}
		if (a.type !== b.type || a.isIPv6 !== b.isIPv6) {
			return 'The sets cannot be swapped: their type does not match'
		}
		this.sets.set(from, b)
		this.sets.set(to, a)
		return undefined
	}
}

const isSameSet = (a: FakeSet, b: FakeSet): boolean =>
	a.type === b.type && a.isIPv6 === b.isIPv6 && a.maxElements === b.maxElements && a.hasMarks === b.hasMarks
