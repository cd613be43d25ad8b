import {type Address, formatSocketAddress} from '../net/address.ts'
import {type Ports, portsIn} from '../net/port-range.ts'
import {addressPortEntry, type SetName} from './ipset.ts'
import type {FlowTarget, VirtualServerKey} from './ipvs.ts'
import type {SetMember} from './service-state.ts'

/**
 * Ports of one address that lead to a virtual server for a firewall mark. The mark wins over whatever listens on the
 * address itself, so a span is a claim to all of its ports. It may have many: its members are made when they are needed.
 */
export interface Span {
	readonly address: Address
	readonly ports: Ports
	readonly server: VirtualServerKey
	/** The address has to be made local to the node for it. */
	readonly isBound: boolean
	/** What each port, or the whole address, has behind its text in which set. */
	readonly marks: readonly {readonly set: SetName; readonly suffix: string}[]
	readonly members: readonly SetMember[]
}

/** Equal for spans that ask for the same. */
export const spanKey = (span: Span): string => JSON.stringify(span)

export const spanMembers = ({address, ports, marks, members}: Span): readonly SetMember[] => {
	const elements =
		ports === 'all' ? [address] : portsIn(ports).map(port => addressPortEntry(address, ports.protocol, port))
	return [...elements.flatMap(element => marks.map(({set, suffix}) => ({set, entry: element + suffix}))), ...members]
}

/** All that clients may send to. */
export const targetsOf = (address: Address, ports: Ports): readonly FlowTarget[] => {
	if (ports === 'all') {
		return (['tcp', 'udp', 'sctp'] as const).map(protocol => ({protocol, address, port: 0, lastPort: 65_535}))
	}
	const {protocol, first, last} = ports
	return [{protocol, address, port: first, ...(last > first && {lastPort: last})}]
}

/** `udp 203.0.113.5 10000-10999`, `tcp 203.0.113.5:80`, `203.0.113.5`. */
export const formatSpan = ({address, ports}: Span): string => {
	if (ports === 'all') {
		return address
	}
	const {protocol, first, last} = ports
	return first === last
		? `${protocol} ${formatSocketAddress(address, first)}`
		: `${protocol} ${address} ${first}-${last}`
}
