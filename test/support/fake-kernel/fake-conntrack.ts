import {decodeAttributes} from '../../../src/kernel/netlink/attributes.ts'
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

const [ORIGINAL, REPLY, ID] = [1, 2, 12] as const

/** The table of tracked flows (net/netfilter/nf_conntrack_netlink.c). */
export class FakeConntrack {
	readonly #flows = new Map<number, FakeFlow>()
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
		if (command === 'get-flow') {
			return {type: 1 << 8, payloads: flows.map(([id, flow]) => writeFlow(id, flow))}
		}
		const asked = decodeAttributes(payload.subarray(4))
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

const writeFlow = (id: number, flow: FakeFlow): Uint8Array =>
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
