import {joined} from '../compact.ts'
import {type Address, type Family, familyOf, formatSocketAddress} from '../net/address.ts'
import type {Protocol} from '../net/protocol.ts'
import type {ReadonlyKeys} from './readonly-keys.ts'

/** What a virtual server listens on: (protocol, address, port), or the mark of a packet. */
export type Listen =
	| {readonly kind: 'address'; readonly protocol: Protocol; readonly address: Address; readonly port: number}
	| {readonly kind: 'firewall-mark'; readonly family: Family; readonly mark: number}

/** `tcp 10.96.0.1:443`, `firewall-mark ipv4 0x1001`: equal for equal `Listen`. */
export type VirtualServerKey = string

/** `10.244.1.5:8080`: unique among the real servers of one virtual server. */
export type RealServerKey = string

/** Scheduler-specific flags: `mh-port`, `sh-port` and so on are one of the three bits the kernel sets aside for them. */
export type VirtualServerFlag = 'one-packet' | 'scheduler-1' | 'scheduler-2' | 'scheduler-3'

/**
 * Says that real servers have limits, which /proc/net/ip_vs does not show: they are read one virtual server at a time.
 * No scheduler of the kernel has a meaning for this bit.
 */
export const LIMITS_FLAG: VirtualServerFlag = 'scheduler-3'

/** The settings of an IPVS service. Counters live apart (`Counters`), so that equality stays honest. */
export interface VirtualServer {
	readonly key: VirtualServerKey
	readonly listen: Listen
	/** Name of the kernel's scheduler, at most 15 characters: `rr`, `wlc`. */
	readonly scheduler: string
	/** In the order of the type. */
	readonly flags: readonly VirtualServerFlag[]
	readonly persistence: Persistence | undefined
}

/** Clients of one network go to one real server. */
export interface Persistence {
	readonly timeoutSeconds: number
	/** Of the client's address: 32 (IPv4) or 128 (IPv6) for every client on its own. */
	readonly prefixLength: number
	/** Name of the kernel's engine that tells clients apart by what they send: `sip`. Absent: by address. */
	readonly engine?: string
}

export type ForwardingMethod = 'masquerade' | 'direct-routing' | 'tunnel'

/** How a packet is wrapped on its way to a real server by tunnel. */
export interface Tunnel {
	readonly type: TunnelType
	/** The UDP port of gue; of no meaning for the others. */
	readonly port: number
	/** Of the outer packet; of no meaning for ipip. */
	readonly checksum: TunnelChecksum
}

export type TunnelType = 'ipip' | 'gue' | 'gre'

export type TunnelChecksum = 'none' | 'checksum' | 'remote-checksum'

/** What a real server by tunnel has unless it says otherwise, and all that Linux before 5.2 can do. */
export const PLAIN_TUNNEL: Tunnel = {type: 'ipip', port: 0, checksum: 'none'}

/**
 * How many connections a real server may have, 0 for any number. From `upper` on it takes no new ones until there are
 * fewer than `lower`, or than three quarters of `upper` where `lower` is 0.
 */
export interface ConnectionLimits {
	readonly upper: number
	readonly lower: number
}

/** The settings of an IPVS destination. */
export interface RealServer {
	readonly key: RealServerKey
	readonly address: Address
	readonly port: number
	/** 0 to 65,535; 0 takes no new connections. */
	readonly weight: number
	readonly forwarding: ForwardingMethod
	/** Absent: none. A virtual server with some has the flag `LIMITS_FLAG`. */
	readonly limits?: ConnectionLimits
	/** Of one by tunnel; absent: `PLAIN_TUNNEL`. */
	readonly tunnel?: Tunnel
}

/** Connections of one real server, as the kernel counts them. */
export interface Counters {
	readonly activeConnections: number
	readonly inactiveConnections: number
}

/** A virtual server with all its real servers. */
export interface VirtualServerState {
	readonly server: VirtualServer
	readonly realServers: ReadonlyMap<RealServerKey, RealServer>
	/** Of a wanted one. */
	readonly flows?: TrackedFlows
	/** Milliseconds that its real servers may drain, instead of the configured ones. */
	readonly drainDeadline?: number
	/** Milliseconds in which the weight of a new real server rises to its own. */
	readonly slowStart?: number
	/** Real servers of UDP drain instead of ending at once. */
	readonly drainsUDP?: true
}

/** The tracked flows that belong to a virtual server. */
export interface TrackedFlows {
	/** Where clients send to: more than one for a firewall mark. */
	readonly destinations: readonly FlowTarget[]
	/** Endpoints that serve, whether or not they are chosen for new connections: their flows go on. */
	readonly serving: ReadonlyKeys<RealServerKey>
}

/** A port of an address, or several from `port` to `lastPort`. */
export interface FlowTarget {
	readonly protocol: Protocol
	readonly address: Address
	readonly port: number
	readonly lastPort?: number
}

export const virtualServerKey = (listen: Listen): VirtualServerKey =>
	listen.kind === 'address'
		? joined(listen.protocol, ' ', formatSocketAddress(listen.address, listen.port))
		: `firewall-mark ${listen.family} 0x${listen.mark.toString(16)}`

export const realServerKey = (address: Address, port: number): RealServerKey => formatSocketAddress(address, port)

export const listenFamily = (listen: Listen): Family =>
	listen.kind === 'address' ? familyOf(listen.address) : listen.family

/** Equal in everything that `SET_SERVICE` can change. */
export const isSameVirtualServer = (a: VirtualServer, b: VirtualServer): boolean =>
	a.scheduler === b.scheduler &&
	(a.flags === b.flags || a.flags.join() === b.flags.join()) &&
	a.persistence?.timeoutSeconds === b.persistence?.timeoutSeconds &&
	a.persistence?.prefixLength === b.persistence?.prefixLength &&
	a.persistence?.engine === b.persistence?.engine

/** Equal in everything that `SET_DEST` can change. */
export const isSameRealServer = (a: RealServer, b: RealServer): boolean =>
	a.weight === b.weight &&
	a.forwarding === b.forwarding &&
	isSameLimits(a.limits ?? NO_LIMITS, b.limits ?? NO_LIMITS) &&
	(a.forwarding !== 'tunnel' || isSameTunnel(a.tunnel ?? PLAIN_TUNNEL, b.tunnel ?? PLAIN_TUNNEL))

/** Equal in all that a kernel holds. */
export const isSameState = (a: VirtualServerState, b: VirtualServerState): boolean =>
	isSameVirtualServer(a.server, b.server) && isSameRealServers(a.realServers, b.realServers)

const isSameRealServers = (a: VirtualServerState['realServers'], b: VirtualServerState['realServers']): boolean => {
	if (a.size !== b.size) {
		return false
	}
	for (const realServer of a.values()) {
		const other = b.get(realServer.key)
		if (!other || !isSameRealServer(realServer, other)) {
			return false
		}
	}
	return true
}

const NO_LIMITS: ConnectionLimits = {upper: 0, lower: 0}

const isSameLimits = (a: ConnectionLimits, b: ConnectionLimits): boolean => a.upper === b.upper && a.lower === b.lower

const isSameTunnel = (a: Tunnel, b: Tunnel): boolean =>
	a.type === b.type && (a.type === 'ipip' || (a.port === b.port && a.checksum === b.checksum))

/** How long IPVS keeps an idle connection; in a request 0 leaves one as it is. */
export interface IpvsTimeouts {
	readonly tcpSeconds: number
	readonly tcpFinSeconds: number
	readonly udpSeconds: number
}
