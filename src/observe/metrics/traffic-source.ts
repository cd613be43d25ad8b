import type {Counters} from '../../state/ipvs.ts'
import type {Stats, Traffic} from '../../state/stats.ts'

interface Served {
	/** `namespace/name`. */
	readonly service: string
	/** Its key. */
	readonly virtualServer: string
	readonly total: Traffic
}

export type ServerTraffic = Served

export interface EndpointTraffic extends Served {
	readonly realServer: string
	readonly counters: Counters
}

/** What passed since it was made. */
export interface ServiceTraffic {
	readonly servers: readonly ServerTraffic[]
	readonly endpoints: readonly EndpointTraffic[]
}

/** Where counters come from; both reject with the kernel's error. */
export interface TrafficSource {
	/** Of the whole node; undefined where the kernel does not tell. */
	readonly total: () => Promise<Stats | undefined>
	/** Of what serves a Service and was used at all; `endpoints` is empty unless these are asked for. */
	readonly services: (detail: 'service' | 'endpoint') => Promise<ServiceTraffic>
}
