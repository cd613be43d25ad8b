import type {Clock} from '../clock.ts'
import type {ObjectSource} from '../model/object.ts'
import type {Http} from './http.ts'
import {createReflector} from './reflector.ts'
import type {ReflectorLimits} from './reflector-options.ts'
import {ENDPOINT_SLICES, nodeResource, SERVICES} from './resource.ts'
import type {TransportReport} from './trouble.ts'

export interface KubernetesSourceOptions {
	readonly http: Http
	/** Only this Node is read. */
	readonly nodeName: string
	readonly clock: Clock
	/** [0, 1) */
	readonly random: () => number
	/** Trouble on the way to the API server, each kind once until it is over. */
	readonly report: (event: TransportReport) => void
	readonly limits?: Partial<ReflectorLimits>
}

/** Services, EndpointSlices and this Node from an API server; never rejects. */
export const createKubernetesSource = (options: KubernetesSourceOptions): ObjectSource => ({
	run: async (sink, signal) => {
		const resources = [SERVICES, ENDPOINT_SLICES, nodeResource(options.nodeName)]
		await Promise.all(resources.map(resource => createReflector({...options, resource}, sink).run(signal)))
	},
})
