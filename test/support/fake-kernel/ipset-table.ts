import {ERRNO, IPSET_ERR} from './uapi.ts'

export interface FakeSet {
	readonly type: string
	readonly isIPv6: boolean
	readonly maxElements: number
	/** Members may have a mark (`skbinfo`). */
	readonly hasMarks: boolean
	readonly revision: number
	/** Other words of `create`: `timeout 60`, `netmask 24`, `forceadd`, `range 1-9`. */
	readonly options: readonly string[]
	/** What `ipset save` writes behind each element: ` skbmark 0x1/0xf` or nothing. */
	readonly entries: Map<string, string>
}

export interface FakeEntry {
	readonly element: string
	readonly mark: string
}

/** The sets of one network namespace; each command returns an errno, 0 for done (net/netfilter/ipset/ip_set_core.c). */
export class IpsetTable {
	readonly sets = new Map<string, FakeSet>()
	readonly #isUsed: (name: string) => boolean

	constructor(isUsed: (name: string) => boolean) {
		this.#isUsed = isUsed
	}

	/** The same again is done where `exist` is asked for. */
	create(name: string, made: FakeSet, exist: boolean): number {
		const known = this.sets.get(name)
		if (known) {
			return exist && isSameSet(known, made) ? 0 : ERRNO.EEXIST
		}
		this.sets.set(name, made)
		return 0
	}

	destroy(name: string, exist: boolean): number {
		if (!this.sets.has(name)) {
			return exist ? 0 : ERRNO.ENOENT
		}
		if (this.#isUsed(name)) {
			return IPSET_ERR.BUSY
		}
		this.sets.delete(name)
		return 0
	}

	swap(from: string, to: string): number {
		const [a, b] = [this.sets.get(from), this.sets.get(to)]
		if (!a || !b) {
			return a ? IPSET_ERR.EXIST_SETNAME2 : ERRNO.ENOENT
		}
		if (a.type !== b.type || a.isIPv6 !== b.isIPv6) {
			return IPSET_ERR.TYPE_MISMATCH
		}
		this.sets.set(from, b)
		this.sets.set(to, a)
		return 0
	}

	add(name: string, {element, mark}: FakeEntry, exist: boolean): number {
		const set = this.sets.get(name)
		if (!set) {
			return ERRNO.ENOENT
		}
		if (mark !== '' && !set.hasMarks) {
			return IPSET_ERR.SKBINFO
		}
		if (set.entries.has(element) && !exist) {
			return IPSET_ERR.EXIST
		}
		if (!set.entries.has(element) && set.entries.size >= set.maxElements) {
			return IPSET_ERR.HASH_FULL
		}
		set.entries.set(element, mark)
		return 0
	}

	delete(name: string, {element}: FakeEntry, exist: boolean): number {
		const set = this.sets.get(name)
		if (!set) {
			return ERRNO.ENOENT
		}
		return set.entries.delete(element) || exist ? 0 : IPSET_ERR.EXIST
	}
}

/** The revision is not compared, nor is it what tells which options a set has. */
const isSameSet = (a: FakeSet, b: FakeSet): boolean =>
	a.type === b.type &&
	a.isIPv6 === b.isIPv6 &&
	a.maxElements === b.maxElements &&
	a.hasMarks === b.hasMarks &&
	a.options.join() === b.options.join()
