import type {PortEndpoint} from './endpoints.ts'
import type {NodeContext} from './node-context.ts'

/** Which endpoints of a service port serve under which traffic policy. */
export interface ChosenEndpoints {
	/** Policy Cluster: wherever they run, as topology hints allow. */
	readonly cluster: readonly PortEndpoint[]
	/** Policy Local: those on this node; topology hints do not matter. */
	readonly local: readonly PortEndpoint[]
}

/**
 * The ready endpoints; only where there is none of them, those that terminate but still serve (KEP-1669). The order of
 * kube-proxy (kube-proxy topology.go) holds: hints for this node, then for its zone, each only if every ready endpoint
 * has hints and at least one is for us (KEP-2433, KEP-3015).
 */
export const chooseEndpoints = (
	all: readonly PortEndpoint[],
	node: Pick<NodeContext, 'name' | 'zone'>,
): ChosenEndpoints => {
	const local = all.filter(endpoint => isLocal(endpoint, node.name))
	return {cluster: hinted(usable(all), node), local: usable(local)}
}

/** On this node; never while the node has no name. */
export const isLocal = (endpoint: PortEndpoint, nodeName: string): boolean =>
	nodeName !== '' && endpoint.nodeName === nodeName

const usable = (endpoints: readonly PortEndpoint[]): readonly PortEndpoint[] => {
	const ready = endpoints.filter(endpoint => endpoint.ready)
	return ready.length > 0 ? ready : endpoints.filter(endpoint => endpoint.serving && endpoint.terminating)
}

/** Endpoints that only finish their work are used wherever they run: nothing is ready, so hints mean nothing. */
const hinted = (
	endpoints: readonly PortEndpoint[],
	{name, zone}: Pick<NodeContext, 'name' | 'zone'>,
): readonly PortEndpoint[] => {
	if (!endpoints.some(endpoint => endpoint.ready)) {
		return endpoints
	}
	return (
		thoseFor(endpoints, endpoint => endpoint.nodeHints, name) ??
		thoseFor(endpoints, endpoint => endpoint.zoneHints, zone) ??
		endpoints
	)
}

/** Undefined when hints of this kind are not to be followed. */
const thoseFor = (
	endpoints: readonly PortEndpoint[],
	hintsOf: (endpoint: PortEndpoint) => readonly string[],
	place: string,
): readonly PortEndpoint[] | undefined => {
	if (place === '' || endpoints.some(endpoint => hintsOf(endpoint).length === 0)) {
		return undefined
	}
	const ours = endpoints.filter(endpoint => hintsOf(endpoint).includes(place))
	return ours.length > 0 ? ours : undefined
}
