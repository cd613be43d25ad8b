import type {Operation} from '../../plan/operation.ts'
import {type PresentSet, SET_DEFINITIONS, type SetDefinition, type SetEntry, type SetName} from '../../state/ipset.ts'
import type {ActualSet, ActualState} from '../../state/node-state.ts'
import type {Doors} from '../doors.ts'
import {giveWay} from '../give-way.ts'
import {type MessageResult, sendInBatches} from '../netlink/batch.ts'
import {NETLINK_NETFILTER} from '../netlink/constants.ts'
import {decodeOrSkip} from '../netlink/decode-error.ts'
import {pickFromDump} from '../netlink/dump.ts'
import {NetlinkError} from '../netlink/netlink-error.ts'
import {Sequence} from '../netlink/sequence.ts'
import type {Encoded} from '../netlink/template.ts'
import {DumpDecoder, decodeName, type SetPart} from './decode.ts'
import {encodeCreate, encodeDestroy, encodeDump, encodeDumpNames, encodeSwap} from './encode.ts'
import {IpsetError, ipsetError} from './ipset-error.ts'
import {MemberEncoder} from './member-encoder.ts'

export type IpsetOperation = Extract<
	Operation,
	{readonly kind: 'create-set' | 'replace-set' | 'destroy-set' | 'add-set-entry' | 'delete-set-entry'}
>

type ReplaceSet = Extract<IpsetOperation, {readonly kind: 'replace-set'}>
type Single = Exclude<IpsetOperation, ReplaceSet>

/** What became of an operation; undefined for success, `lost` when the kernel's answer did not arrive. */
export type IpsetResult = IpsetError | 'lost' | undefined

/** Sets over netlink. */
export class IpsetClient {
	readonly #doors: Doors
	readonly #sequence = new Sequence()
	readonly #encoders = new WeakMap<SetDefinition, MemberEncoder>()

	constructor(doors: Doors) {
		this.#doors = doors
	}

	/**
	 * All sets of the namespace, foreign ones included, with the members of those of types that we use; what does not
	 * decode is left out. Where the kernel cannot show them all, because of one that it cannot fit in a message, only those
	 * of our names. Rejects with a NetlinkError or LostReplies.
	 */
	async read(): Promise<Pick<ActualState, 'sets'>> {
		try {
			return {sets: await joinParts(await this.#dumpSets())}
		} catch (error) {
			if (error instanceof NetlinkError && error.code === 'EMSGSIZE') {
				return {sets: await joinParts(await this.#dumpOurs())}
			}
			throw error
		}
	}

	async #dumpOurs(): Promise<readonly SetPart[]> {
		const names = await this.#dump(encodeDumpNames(), decodeName)
		const parts: (readonly SetPart[])[] = []
		for (const name of names.filter(name => SET_DEFINITIONS.has(name))) {
			parts.push(await this.#dumpSets(name))
		}
		return parts.flat()
	}

	#dumpSets(name?: SetName): Promise<readonly SetPart[]> {
		const decoder = new DumpDecoder()
		return this.#dump(encodeDump(name), payload => decoder.decode(payload))
	}

	/** What does not decode is left out. */
	#dump<Value>(message: Encoded, decode: (payload: Uint8Array) => Value): Promise<readonly Value[]> {
		const line = {door: this.#doors.netlink, protocol: NETLINK_NETFILTER, sequence: this.#sequence} as const
		return pickFromDump(line, message, ({payload}) => decodeOrSkip(payload, decode))
	}

	/**
	 * In the order given. To add what is there and to delete what is not is a success. One that fails does not stop those
	 * behind it.
	 */
	async apply(operations: readonly IpsetOperation[]): Promise<readonly IpsetResult[]> {
		const results: (readonly IpsetResult[])[] = []
		let singles: Single[] = []
		for (const operation of operations) {
			if (operation.kind === 'replace-set') {
				results.push(await this.#applySingles(singles), [await this.#replace(operation)])
				singles = []
			} else {
				singles.push(operation)
			}
		}
		results.push(await this.#applySingles(singles))
		return results.flat()
	}

	async #applySingles(operations: readonly Single[]): Promise<readonly IpsetResult[]> {
		const encoded = operations.map(operation => this.#encode(operation))
		const answers = (await this.#send(encoded.filter(message => message !== undefined))).values()
		return operations.map((operation, at) =>
			encoded[at] === undefined ? noEntry(operation) : toResult(answers.next().value ?? 0, isOfBitmap(operation)),
		)
	}

	/** Undefined for what is no entry of its set. */
	#encode(operation: Single): Encoded | undefined {
		switch (operation.kind) {
			case 'create-set':
				return encodeCreate(operation.definition, operation.members)
			case 'destroy-set':
				return encodeDestroy(operation.name)
			case 'add-set-entry':
				return this.#encoderOf(operation.definition).add(operation.entry)
			case 'delete-set-entry':
				return this.#encoderOf(operation.definition).delete(operation.entry)
			default:
				return operation satisfies never
		}
	}

	#encoderOf(definition: SetDefinition): MemberEncoder {
		const encoder = this.#encoders.get(definition) ?? new MemberEncoder(definition)
		this.#encoders.set(definition, encoder)
		return encoder
	}

	/**
	 * Filled beside the old one and swapped in, so that no rule ever sees a set that lacks a member. What an earlier run
	 * that was cut short left behind goes first. Only sets of one type and family can be swapped: one that is `unlike`
	 * is made anew in its place.
	 */
	async #replace({definition, entries, unlike}: ReplaceSet): Promise<IpsetResult> {
		if (unlike) {
			return this.#makeAnew(definition, entries)
		}
		const failure = await this.#makeAnew({...definition, name: TEMPORARY}, entries)
		const swapped = failure ?? (await this.#sendOne(encodeSwap(TEMPORARY, definition.name)))
		// Not to be rid of it is no failure of the replacement: the next one begins with that.
		await this.#sendOne(encodeDestroy(TEMPORARY))
		return swapped
	}

	/** Stops at the first failure: members must not get into a set of somebody else that stays. */
	async #makeAnew(definition: SetDefinition, entries: readonly SetEntry[]): Promise<IpsetResult> {
		const made =
			(await this.#sendOne(encodeDestroy(definition.name))) ??
			(await this.#sendOne(encodeCreate(definition, entries.length)))
		if (made) {
			return made
		}
		const results = await this.#applySingles(entries.map(entry => ({kind: 'add-set-entry', definition, entry})))
		return results.find(result => result !== undefined)
	}

	async #sendOne(message: Encoded): Promise<IpsetResult> {
		const [answer = 0] = await this.#send([message])
		return toResult(answer, false)
	}

	#send(messages: readonly Encoded[]): Promise<readonly MessageResult[]> {
		return sendInBatches(this.#doors.netlink, NETLINK_NETFILTER, messages, this.#sequence)
	}
}

const TEMPORARY: SetName = 'KUBE-LVS-NEXT'

const isOfBitmap = (operation: Single): boolean =>
	operation.kind !== 'destroy-set' && operation.definition.type === 'bitmap:port'

const toResult = (answer: MessageResult, isBitmap: boolean): IpsetResult =>
	answer === 'lost' ? answer : answer === 0 ? undefined : ipsetError(answer, isBitmap)

const noEntry = (operation: Single): IpsetError => {
	const [entry, definition] = 'entry' in operation ? [operation.entry, operation.definition] : []
	return new IpsetError(
		'EINVAL',
		`${entry} is no member for a set of type ${definition?.type} and ${definition?.family}`,
	)
}

/** Entries that are put together before others have their turn: some milliseconds' worth. */
const SHARE = 5000

const joinParts = async (parts: readonly SetPart[]): Promise<ReadonlyMap<SetName, ActualSet>> => {
	const sets = new Map<SetName, {definition: PresentSet; entries: Set<SetEntry>}>()
	let left = SHARE
	for (const {name, definition, entries} of parts) {
		const set = sets.get(name) ?? {definition, entries: new Set<SetEntry>()}
		sets.set(name, set)
		for (const entry of entries) {
			set.entries.add(entry)
		}
		left -= entries.length
		if (left <= 0) {
			left = SHARE
			await giveWay()
		}
	}
	return sets
}
