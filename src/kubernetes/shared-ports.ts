import type {EndpointPort} from '../model/endpoint-slice.ts'

const LIMIT = 1000
const known = new Map<string, readonly EndpointPort[]>()

/** One copy of ports that many slices have alike. Forgets everything once there are too many different ones. */
export const sharedPorts = (ports: readonly EndpointPort[]): readonly EndpointPort[] => {
	const text = JSON.stringify(ports)
	const first = known.get(text)
	if (first) {
		return first
	}
	if (known.size >= LIMIT) {
		known.clear()
	}
	known.set(text, ports)
	return ports
}
