import {type Family, familyOf} from '../../net/address.ts'
import type {Operation} from '../../plan/operation.ts'
import {flowFilterKey} from '../../state/conntrack.ts'
import type {Doors} from '../doors.ts'
import {type MessageResult, sendInBatches} from '../netlink/batch.ts'
import {NETLINK_NETFILTER} from '../netlink/constants.ts'
import {request} from '../netlink/dump.ts'
import {Sequence} from '../netlink/sequence.ts'
import {decodeFlow, type TrackedFlow} from './decode.ts'
import {encodeDeleteFlow, encodeDumpFlows} from './encode.ts'

export type ConntrackOperation = Extract<Operation, {readonly kind: 'delete-flows'}>

const ENOENT = 2

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
		for (const family of new Set(operations.map(({flow}) => familyOf(flow.vip)))) {
			const filters = new Set(operations.map(({flow}) => flowFilterKey(flow)))
			const found = (await this.#dump(family)).filter(flow => filters.has(flowFilterKey(flow)))
			const messages = found.map(flow => encodeDeleteFlow(family, flow))
			const answers = await sendInBatches(this.#doors.netlink, NETLINK_NETFILTER, messages, this.#sequence)
			for (const [at, flow] of found.entries()) {
				const answer = answers[at] ?? 0
				// A flow that ended by itself meanwhile is as good as deleted.
				if (answer !== 0 && answer !== ENOENT) {
					results.set(flowFilterKey(flow), answer)
				}
			}
		}
		return operations.map(({flow}) => results.get(flowFilterKey(flow)) ?? 0)
	}

	async #dump(family: Family): Promise<readonly TrackedFlow[]> {
		const messages = await request(this.#doors.netlink, NETLINK_NETFILTER, encodeDumpFlows(family), this.#sequence)
		return messages.map(({payload}) => decodeFlow(payload)).filter(flow => flow !== undefined)
	}
}
