import type {Clock} from '../clock.ts'
import type {ObjectSource} from '../model/object.ts'
import type {Http} from './http.ts'
import {createReflector} from './reflector.ts'
import type {ReflectorLimits} from './reflector-options.ts'
import {ENDPOINT_SLICES, NODES, nodeResource, SERVICE_CIDRS, SERVICES} from './resource.ts'
import type {TransportReport} from './trouble.ts'

export interface KubernetesSourceOptions {
	readonly http: Http
	readonly nodeName: string
	/** Every Node; otherwise the one of `nodeName` alone. */
	readonly watchAllNodes: boolean
	readonly clock: Clock
	/** [0, 1) */
	readonly random: () => number
	/** Trouble on the way to the API server, each kind once until it is over. */
	readonly report: (event: TransportReport) => void
	readonly limits?: Partial<ReflectorLimits>
}

/** Services, EndpointSlices, Nodes and ServiceCIDRs from an API server; never rejects. */
export const createKubernetesSource = (options: KubernetesSourceOptions): ObjectSource => ({
	run: async (sink, signal) => {
		const nodes = options.watchAllNodes ? NODES : nodeResource(options.nodeName)
		const resources = [SERVICES, ENDPOINT_SLICES, nodes, SERVICE_CIDRS]
		await Promise.all(resources.map(resource => createReflector({...options, resource}, sink).run(signal)))
	},
})
