import {NONE} from '../compact.ts'
import {type Family, formatSocketAddress} from '../net/address.ts'
import type {Endpoint, EndpointSlice} from './endpoint-slice.ts'
import type {ServicePort} from './service.ts'

/** An endpoint with the port number under which it serves one service port. */
export interface PortEndpoint extends Endpoint {
	readonly port: number
	/** `10.244.1.5:8080` */
	readonly key: string
	/** Where it was found. */
	readonly slice: EndpointSlice
}

/**
 * The endpoints of one service port: the union over all slices of the Service, matched by port name and protocol.
 * An address and port that occurs several times counts once; one that is not terminating beats one that is (a pod
 * moving between slices), otherwise the first slice by name wins, so that every node decides alike.
 */
export const endpointsOf = (
	slices: readonly EndpointSlice[],
	servicePort: ServicePort,
	family: Family,
): readonly PortEndpoint[] => {
	const found = new Map<string, PortEndpoint>()
	const ordered = slices.length > 1 ? slices.toSorted((a, b) => (a.name < b.name ? -1 : 1)) : slices
	for (const slice of ordered) {
		for (const {name, protocol, port} of slice.family === family ? slice.ports : NONE) {
			if (name === servicePort.name && protocol === servicePort.protocol) {
				merge(found, slice, port)
			}
		}
	}
	return [...found.values()]
}

const merge = (found: Map<string, PortEndpoint>, slice: EndpointSlice, port: number): void => {
	for (const endpoint of slice.endpoints) {
		const key = formatSocketAddress(endpoint.address, port)
		const known = found.get(key)
		if (!known || (known.terminating && !endpoint.terminating)) {
			found.set(key, {...endpoint, port, key, slice})
		}
	}
}
