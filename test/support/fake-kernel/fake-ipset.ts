import {type Attributes, decodeAttributes, textOf} from '../../../src/kernel/netlink/attributes.ts'
import type {Answer} from './fake-netlink.ts'
import {isKnownType, readEntry, readMark} from './ipset-entries.ts'
import {type FakeEntry, type FakeSet, IpsetTable} from './ipset-table.ts'
import {
	decodeEntry,
	decodeSet,
	FLAGS,
	PROTOCOL,
	PROTOCOL_MIN,
	SETNAME,
	SETNAME2,
	writeName,
	writeSet,
} from './ipset-wire.ts'
import {type Command, ERRNO, IPSET_ERR} from './uapi.ts'
import {attribute, bytes} from './wire.ts'

const LIST = (6 << 8) | 7
const EXCL = 0x200

/** Sets over netlink (net/netfilter/ipset/), and the text of `ipset save` and `ipset restore` for other programs. */
export class FakeIpset {
	/** False as without the module ip_set. */
	isLoaded = true
	/** The protocols that the kernel speaks. */
	protocols = {newest: 7, oldest: 6}
	readonly #table: IpsetTable

	/** `isUsed` tells whether a rule names the set. */
	constructor(isUsed: (name: string) => boolean) {
		this.#table = new IpsetTable(isUsed)
	}

	get sets(): Map<string, FakeSet> {
		return this.#table.sets
	}

	readonly handle = (command: Command, payload: Uint8Array, flags: number): Answer => {
		if (!this.isLoaded) {
			return ERRNO.EINVAL
		}
		const asked = decodeAttributes(payload.subarray(4))
		const protocol = asked.get(PROTOCOL)?.[0]
		if (command === 'get-protocol') {
			return {type: (6 << 8) | 1, payloads: [this.#writeProtocols()]}
		}
		if (protocol === undefined || protocol < this.protocols.oldest) {
			return IPSET_ERR.PROTOCOL
		}
		if (command === 'get-sets') {
			return this.#list(asked)
		}
		return this.#change(command, asked, (flags & EXCL) === 0)
	}

	#list(asked: Attributes): Answer {
		if (asked.has(FLAGS)) {
			return {type: LIST, payloads: [...this.sets.keys()].map(writeName)}
		}
		const only = asked.has(SETNAME) ? textOf(asked, SETNAME) : undefined
		const shown = [...this.sets].filter(([name]) => only === undefined || name === only)
		if (only !== undefined && shown.length === 0) {
			return ERRNO.ENOENT
		}
		return {type: LIST, payloads: shown.flatMap(([name, set]) => writeSet(name, set))}
	}

	#writeProtocols(): Uint8Array {
		const {newest, oldest} = this.protocols
		return bytes([2, 0, 0, 0], attribute(PROTOCOL, bytes(newest)), attribute(PROTOCOL_MIN, bytes(oldest)))
	}

	#change(command: Command, asked: Attributes, exist: boolean): number {
		const name = textOf(asked, SETNAME)
		if (name.length > 31) {
			return ERRNO.ERANGE
		}
		switch (command) {
			case 'create-set': {
				const made = decodeSet(asked)
				return typeof made === 'number' ? made : this.#table.create(name, made, exist)
			}
			case 'destroy-set':
				return this.#table.destroy(name, exist)
			case 'swap-sets':
				return this.#table.swap(name, textOf(asked, SETNAME2))
			default: {
				const set = this.sets.get(name)
				const entry: FakeEntry | number = set ? decodeEntry(asked, set) : ERRNO.ENOENT
				if (typeof entry === 'number') {
					return entry
				}
				return command === 'add-entry' ? this.#table.add(name, entry, exist) : this.#table.delete(name, entry, exist)
			}
		}
	}

	/** Restores this text as some other program would, with `-exist`. */
	load(text: string): void {
		for (const line of text.split('\n')) {
			const [verb = '', name = '', ...rest] = line.trim().split(/\s+/)
			const errno = verb === '' ? 0 : this.#loadLine(verb, name, rest)
			if (errno !== 0) {
				throw new Error(`${line}: errno ${errno}`)
			}
		}
	}

	#loadLine(verb: string, name: string, [value = '', ...options]: readonly string[]): number {
		switch (verb) {
			case 'create':
				return this.#table.create(name, parseSet(value, options), true)
			case 'destroy':
				return this.#table.destroy(name, true)
			case 'add': {
				const {type = '', isIPv6 = false} = this.sets.get(name) ?? {}
				return this.#table.add(name, {element: readEntry(type, isIPv6, value), mark: readMark(options)}, true)
			}
			default:
				throw new Error(`the fake does not know ${verb}`)
		}
	}

	save(): string {
		const lines = [...this.sets].flatMap(([name, {type, isIPv6, maxElements, hasMarks, options, entries}]) => [
			[
				`create ${name} ${type}`,
				...(type === 'bitmap:port'
					? options.includes('range')
						? []
						: ['range 0-65535']
					: [`family ${isIPv6 ? 'inet6' : 'inet'} hashsize 1024 maxelem ${maxElements}`]),
				...options,
				...(hasMarks ? ['skbinfo'] : []),
			].join(' '),
			...[...entries].map(([element, mark]) => `add ${name} ${element}${mark}`),
		])
		return lines.map(line => `${line}\n`).join('')
	}
}

/** Words of `create` that say nothing which the fake would not know otherwise. */
const KNOWN = new Set(['family', 'hashsize', 'maxelem', 'bucketsize', 'initval'])

const parseSet = (type: string, words: readonly string[]): FakeSet => {
	if (!isKnownType(type)) {
		throw new Error(`typename '${type}' is unknown`)
	}
	const option = (key: string) => (words.includes(key) ? words[words.indexOf(key) + 1] : undefined)
	const range = words.indexOf('range')
	return {
		type,
		revision: 0,
		isIPv6: option('family') === 'inet6',
		maxElements: type === 'bitmap:port' ? 65_536 : Number(option('maxelem') ?? 65_536),
		hasMarks: words.includes('skbinfo'),
		options: words.filter(
			(word, at) =>
				word !== 'skbinfo' &&
				!KNOWN.has(word) &&
				!KNOWN.has(words[at - 1] ?? '') &&
				!(option('range') === '0-65535' && (at === range || at === range + 1)),
		),
		entries: new Map(),
	}
}
