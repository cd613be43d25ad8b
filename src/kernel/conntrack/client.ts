import {FAMILIES, type Family, familyOf} from '../../net/address.ts'
import {PROTOCOL_NUMBERS, type Protocol} from '../../net/protocol.ts'
import type {Operation} from '../../plan/operation.ts'
import {type FlowFilter, flowTargetKey, isKept, isWithin} from '../../state/conntrack.ts'
import type {Doors} from '../doors.ts'
import {type MessageResult, sendInBatches} from '../netlink/batch.ts'
import {NETLINK_NETFILTER} from '../netlink/constants.ts'
import {pickFromDump} from '../netlink/dump.ts'
import type {NetlinkMessage} from '../netlink/message.ts'
import {NetlinkError} from '../netlink/netlink-error.ts'
import {Sequence} from '../netlink/sequence.ts'
import type {Encoded} from '../netlink/template.ts'
import {decodeFlow, peekTarget, targetNumber} from './decode.ts'
import {encodeDeleteFlow, encodeDumpCommon, encodeDumpFlows} from './encode.ts'

export type ConntrackOperation = Extract<Operation, {readonly kind: 'delete-flows'}>

const ENOENT = 2

/** A flow to delete: the message that does it, and the filter that found it. */
interface Stale {
	readonly target: string
	readonly message: Encoded
}

/** Tracked flows over netlink. */
export class ConntrackClient {
	readonly #doors: Doors
	readonly #sequence = new Sequence()

	constructor(doors: Doors) {
		this.#doors = doors
	}

	/** One look at the table of a family for any number of operations; the results are in the order of these. */
	async apply(operations: readonly ConntrackOperation[]): Promise<readonly MessageResult[]> {
		const results = new Map<string, MessageResult>()
		for (const family of FAMILIES) {
			const filters = operations.map(({flow}) => flow).filter(({vip}) => familyOf(vip) === family)
			const stale = filters.length > 0 ? await this.#findStale(family, filters) : []
			const messages = stale.map(({message}) => message)
			const answers = await sendInBatches(this.#doors.netlink, NETLINK_NETFILTER, messages, this.#sequence)
			for (const [at, {target}] of stale.entries()) {
				const answer = answers[at] ?? 0
				// A flow that ended by itself meanwhile is as good as deleted.
				if (answer !== 0 && answer !== ENOENT) {
					results.set(target, answer)
				}
			}
		}
		return operations.map(({flow}) => results.get(flowTargetKey(flow)) ?? 0)
	}

	/** The kernel filters as far as it can. One that takes the filter for a mistake is asked for all flows. */
	async #findStale(family: Family, filters: readonly FlowFilter[]): Promise<readonly Stale[]> {
		const pick = stalePicker(family, filters)
		try {
			return await this.#dump(encodeDumpCommon(family, filters), pick)
		} catch (error) {
			if (error instanceof NetlinkError) {
				return this.#dump(encodeDumpFlows(family), pick)
			}
			throw error
		}
	}

	#dump(message: Encoded, pick: (message: NetlinkMessage) => Stale | undefined): Promise<readonly Stale[]> {
		const door = this.#doors.netlink
		return pickFromDump({door, protocol: NETLINK_NETFILTER, sequence: this.#sequence}, message, pick)
	}
}

/** Looks at each flow while the dump is under way, and keeps of it only what deletes it. */
const stalePicker = (
	family: Family,
	filters: readonly FlowFilter[],
): ((message: NetlinkMessage) => Stale | undefined) => {
	const byTarget = Map.groupBy(filters, flowTargetKey)
	const several = filters.filter(({lastPort}) => lastPort !== undefined)
	const numberOf = (protocol: Protocol, port: number) => targetNumber(PROTOCOL_NUMBERS[protocol], port)
	const numbers = new Set(filters.map(({protocol, vipPort}) => numberOf(protocol, vipPort)))
	const ranges = several.map(
		({protocol, vipPort, lastPort = vipPort}) => [numberOf(protocol, vipPort), numberOf(protocol, lastPort)] as const,
	)
	return ({payload}) => {
		const number = peekTarget(payload)
		const isNear = numbers.has(number) || ranges.some(([first, last]) => first <= number && number <= last)
		const flow = isNear ? decodeFlow(payload) : undefined
		if (!flow) {
			return undefined
		}
		const found = [...(byTarget.get(flowTargetKey(flow)) ?? []), ...several.filter(filter => isWithin(filter, flow))]
		const stale = found.find(filter => !isKept(filter, flow))
		return stale && {target: flowTargetKey(stale), message: encodeDeleteFlow(family, flow)}
	}
}
