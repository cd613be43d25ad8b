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
	/** The port, or the first one of several. */
	readonly vipPort: number
	readonly lastPort?: number
	/** Real servers whose flows stay; an address alone stands for all of its ports. */
	readonly keep: ReadonlySet<RealServerKey | Address>
}

/** A flow in one protocol, by its original destination and the source of its replies. */
export interface Flow extends Pick<FlowFilter, 'protocol' | 'vip'> {
	readonly vipPort: number
	readonly realServer: Address
	readonly realServerPort: number
}

/** `udp 10.96.0.10 53`, `udp 10.96.0.10 10000-10999`: equal for filters of the same original destinations. */
export const flowTargetKey = ({
	protocol,
	vip,
	vipPort,
	lastPort,
}: Pick<FlowFilter, 'protocol' | 'vip' | 'vipPort' | 'lastPort'>): string =>
	`${protocol} ${vip} ${vipPort}${lastPort === undefined ? '' : `-${lastPort}`}`

/** The flow goes to one of the filter's ports. */
export const isWithin = ({protocol, vip, vipPort, lastPort = vipPort}: FlowFilter, flow: Flow): boolean =>
	flow.protocol === protocol && flow.vip === vip && vipPort <= flow.vipPort && flow.vipPort <= lastPort

/** A flow of the filter's original destination leads to a real server that stays. */
export const isKept = ({keep}: FlowFilter, {realServer, realServerPort}: Flow): boolean =>
	keep.has(realServerKey(realServer, realServerPort)) || keep.has(realServer)

/** What happens to the flows of a real server that goes. */
export interface FlowPolicy {
	/** Protocols whose flows end at once; those of the others are drained. */
	readonly endWithRealServer: ReadonlySet<Protocol>
}
