import type {Operation} from '../../plan/operation.ts'
import type {PresentSet, SetDefinition, SetEntry, SetName} from '../../state/ipset.ts'
import type {ActualSet, ActualState} from '../../state/node-state.ts'
import type {Doors} from '../doors.ts'
import {type MessageResult, sendInBatches} from '../netlink/batch.ts'
import {NETLINK_NETFILTER} from '../netlink/constants.ts'
import {DecodeError} from '../netlink/decode-error.ts'
import {pickFromDump} from '../netlink/dump.ts'
import {Sequence} from '../netlink/sequence.ts'
import type {Encoded} from '../netlink/template.ts'
import {DumpDecoder, type SetPart} from './decode.ts'
import {encodeCreate, encodeDestroy, encodeDump, encodeSwap} from './encode.ts'
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
	 * decode is left out. Rejects with a NetlinkError or LostReplies.
	 */
	async read(): Promise<Pick<ActualState, 'sets'>> {
		const line = {door: this.#doors.netlink, protocol: NETLINK_NETFILTER, sequence: this.#sequence} as const
		const decoder = new DumpDecoder()
		const parts = await pickFromDump(line, encodeDump(), ({payload}) => decodeOrSkip(decoder, payload))
		return {sets: joinParts(parts)}
	}

	/**
	 * In the order given. To add what is there and to delete what is not is a success. One that fails does not stop those
	 * behind it.
	 */
	async apply(operations: readonly IpsetOperation[]): Promise<readonly IpsetResult[]> {
		const results: IpsetResult[] = []
		let singles: Single[] = []
		for (const operation of operations) {
			if (operation.kind === 'replace-set') {
				results.push(...(await this.#applySingles(singles)), await this.#replace(operation))
				singles = []
			} else {
				singles.push(operation)
			}
		}
		return [...results, ...(await this.#applySingles(singles))]
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

const decodeOrSkip = (decoder: DumpDecoder, payload: Uint8Array): SetPart | undefined => {
	try {
		return decoder.decode(payload)
	} catch (error) {
		if (error instanceof DecodeError) {
			return undefined
		}
		throw error
	}
}

const joinParts = (parts: readonly SetPart[]): ReadonlyMap<SetName, ActualSet> => {
	const sets = new Map<SetName, {definition: PresentSet; entries: Set<SetEntry>}>()
	for (const {name, definition, entries} of parts) {
		const set = sets.get(name) ?? {definition, entries: new Set<SetEntry>()}
		sets.set(name, set)
		for (const entry of entries) {
			set.entries.add(entry)
		}
	}
	return sets
}
