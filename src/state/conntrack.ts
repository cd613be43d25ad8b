import type {Address} from '../net/address.ts'
import type {Protocol} from '../net/protocol.ts'

/**
 * Tracked flows that went to one real server through one virtual server. They are recognised by the original
 * destination (the VIP) and by the source of the reply (the real server).
 */
export interface FlowFilter {
	readonly protocol: Protocol
	readonly vip: Address
	readonly vipPort: number
	readonly realServer: Address
	readonly realServerPort: number
}

/** `udp 10.96.0.10:53 10.244.1.5:53`: equal for equal filters. */
export const flowFilterKey = (flow: FlowFilter): string =>
	`${flow.protocol} ${flow.vip} ${flow.vipPort} ${flow.realServer} ${flow.realServerPort}`

/** What happens to the flows of a real server that goes. */
export interface FlowPolicy {
	/** Protocols whose flows end at once; those of the others are drained. */
	readonly endWithRealServer: ReadonlySet<Protocol>
}
