import {type Attributes, bytesOf, decodeAttributes, nestedOf, uint32Of} from '../../../src/kernel/netlink/attributes.ts'
import {type Address, addressToBytes, familyOf} from '../../../src/net/address.ts'
import {PROTOCOL_NUMBERS, type Protocol} from '../../../src/net/protocol.ts'
import type {Answer} from './fake-netlink.ts'
import {type Command, ERRNO} from './uapi.ts'
import {attribute, be16, be32, bytes, nest} from './wire.ts'

/** A tracked flow: a client's packet to a VIP, answered by a real server. */
export interface FakeFlow {
	/** A number for what is not balanced, such as 1 for ICMP. */
	readonly protocol: Protocol | number
	readonly client: Address
	readonly clientPort: number
	readonly vip: Address
	readonly vipPort: number
	readonly realServer: Address
	readonly realServerPort: number
}

const [ORIGINAL, REPLY, ID, FILTER] = [1, 2, 12, 25] as const
/** Flags of a filter, each for a part of the original tuple. */
const [IP_DST, PROTO_NUM, PROTO_DST_PORT] = [2, 8, 32] as const

/** The table of tracked flows (net/netfilter/nf_conntrack_netlink.c). */
export class FakeConntrack {
	readonly #flows = new Map<number, FakeFlow>()
	/** False as before Linux 5.8, which passes over what it does not know and shows all flows. */
	knowsFilters = true
	#nextId = 0x1000

	get flows(): readonly FakeFlow[] {
		return [...this.#flows.values()]
	}

	load(flows: readonly FakeFlow[]): void {
		for (const flow of flows) {
			this.#flows.set(this.#nextId++, flow)
		}
	}

	clear(): void {
		this.#flows.clear()
	}

	readonly handle = (command: Command, payload: Uint8Array): Answer => {
		const family = payload[0] === 2 ? 'ipv4' : 'ipv6'
		const flows = [...this.#flows].filter(([, {vip}]) => familyOf(vip) === family)
		const asked = decodeAttributes(payload.subarray(4))
		if (command === 'get-flow') {
			const shown = flows.filter(([, flow]) => !this.knowsFilters || isShown(flow, asked))
			return {type: 1 << 8, payloads: shown.map(([id, flow]) => writeFlow(id, flow))}
		}
		const tuple = asked.get(ORIGINAL)
		if (!tuple) {
			// Without a tuple the kernel deletes them all.
			for (const [id] of flows) {
				this.#flows.delete(id)
			}
			return 0
		}
		const found = flows.find(([, flow]) => Buffer.compare(originalOf(flow), tuple) === 0)
		const id = asked.get(ID)
		if (!found || (id && Buffer.from(id).readUInt32BE() !== found[0])) {
			return ERRNO.ENOENT
		}
		this.#flows.delete(found[0])
		return 0
	}
}

/** ctnetlink_filter_match_tuple: only what a flag stands for is compared, IPv6 addresses the wrong way round. */
const isShown = (flow: FakeFlow, asked: Attributes): boolean => {
	const flags = asked.has(FILTER) ? uint32Of(nestedOf(asked, FILTER), 1) : 0
	const compare = (part: 1 | 2, type: number): boolean => {
		const [own, other] = [nestedOf(decodeAttributes(originalOf(flow)), part), nestedOf(nestedOf(asked, ORIGINAL), part)]
		return Buffer.compare(bytesOf(own, type, 1), bytesOf(other, type, 1)) === 0
	}
	return (
		((flags & IP_DST) === 0 || (familyOf(flow.vip) === 'ipv4' ? compare(1, 2) : !compare(1, 4))) &&
		((flags & PROTO_NUM) === 0 || compare(2, 1)) &&
		((flags & PROTO_DST_PORT) === 0 || compare(2, 3))
	)
}

/** The payload of the message that shows a flow. */
export const writeFlow = (id: number, flow: FakeFlow): Uint8Array =>
	bytes(
		[familyOf(flow.vip) === 'ipv4' ? 2 : 10, 0, 0, 0],
		nest(ORIGINAL, originalOf(flow)),
		nest(REPLY, tupleOf(flow, [flow.realServer, flow.realServerPort], [flow.client, flow.clientPort])),
		attribute(ID, be32(id)),
	)

type Socket = readonly [Address, number]

const originalOf = (flow: FakeFlow): Uint8Array =>
	tupleOf(flow, [flow.client, flow.clientPort], [flow.vip, flow.vipPort])

const tupleOf = ({protocol}: FakeFlow, source: Socket, destination: Socket): Uint8Array => {
	const [from, to] = familyOf(destination[0]) === 'ipv4' ? [1, 2] : [3, 4]
	const number = typeof protocol === 'number' ? protocol : PROTOCOL_NUMBERS[protocol]
	return bytes(
		nest(1, attribute(from, Uint8Array.from(addressToBytes(source[0]))), attribute(to, addressOf(destination[0]))),
		nest(2, attribute(1, bytes(number)), attribute(2, be16(source[1])), attribute(3, be16(destination[1]))),
	)
}

const addressOf = (address: Address): Uint8Array => Uint8Array.from(addressToBytes(address))
