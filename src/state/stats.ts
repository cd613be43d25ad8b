import type {Counters, RealServer, VirtualServer} from './ipvs.ts'

/** In is what clients send. Out is what comes back by way of this node: nothing with direct routing and tunnels. */
export interface Traffic {
	readonly connections: number
	readonly packetsIn: number
	readonly packetsOut: number
	readonly bytesIn: number
	readonly bytesOut: number
}

/**
 * What has gone through a virtual or real server, as the kernel tells it: anew every 2 seconds, so that rates which are
 * measured from look to look would jump (net/netfilter/ipvs/ip_vs_est.c). Exact up to 2^53.
 */
export interface Stats {
	/** Since it was made, or its counters were last zeroed. */
	readonly total: Traffic
	/** Whole numbers, the mean of some ten seconds of which the last weigh most. */
	readonly perSecond: Traffic
}

export interface VirtualServerStats {
	readonly server: VirtualServer
	readonly stats: Stats
}

export interface RealServerStats {
	readonly realServer: RealServer
	readonly counters: Counters
	readonly stats: Stats
}
