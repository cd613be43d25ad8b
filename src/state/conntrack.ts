import type {Address} from '../net/address.ts'
import type {Protocol} from '../net/protocol.ts'
import {type RealServerKey, realServerKey} from './ipvs.ts'

/**
 * Tracked flows through one virtual server that lead to none of the real servers that stay. They are recognised by the
 * original destination (the VIP) and by the source of the reply (the real server).
 */
export interface FlowFilter {
	readonly protocol: Protocol
	readonly vip: Address
	readonly vipPort: number
	/** Real servers whose flows stay; an address alone stands for all of its ports. */
	readonly keep: ReadonlySet<RealServerKey | Address>
}

/** A flow in one protocol, by its original destination and the source of its replies. */
export interface Flow extends Pick<FlowFilter, 'protocol' | 'vip' | 'vipPort'> {
	readonly realServer: Address
	readonly realServerPort: number
}

/** `udp 10.96.0.10 53`: equal for filters and flows of one original destination. */
export const flowTargetKey = ({protocol, vip, vipPort}: Pick<FlowFilter, 'protocol' | 'vip' | 'vipPort'>): string =>
	`${protocol} ${vip} ${vipPort}`

/** A flow of the filter's original destination leads to a real server that stays. */
export const isKept = ({keep}: FlowFilter, {realServer, realServerPort}: Flow): boolean =>
	keep.has(realServerKey(realServer, realServerPort)) || keep.has(realServer)

/** What happens to the flows of a real server that goes. */
export interface FlowPolicy {
	/** Protocols whose flows end at once; those of the others are drained. */
	readonly endWithRealServer: ReadonlySet<Protocol>
}
