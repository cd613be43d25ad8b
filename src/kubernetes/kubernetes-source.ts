import type {ObjectSource} from '../model/object.ts'
import {createReflector} from './reflector.ts'
import type {ReflectorOptions} from './reflector-options.ts'
import {ENDPOINT_SLICES, NODES, nodeResource, SERVICE_CIDRS, SERVICES} from './resource.ts'

export interface KubernetesSourceOptions extends Omit<ReflectorOptions, 'resource'> {
	readonly nodeName: string
	/** Every Node; otherwise the one of `nodeName` alone. */
	readonly watchAllNodes: boolean
}

/** Services, EndpointSlices, Nodes and ServiceCIDRs from an API server; never rejects. */
export const createKubernetesSource = (options: KubernetesSourceOptions): ObjectSource => ({
	run: async (sink, signal) => {
		const nodes = options.watchAllNodes ? NODES : nodeResource(options.nodeName)
		const resources = [SERVICES, ENDPOINT_SLICES, nodes, SERVICE_CIDRS]
		await Promise.all(resources.map(resource => createReflector({...options, resource}, sink).run(signal)))
	},
})
