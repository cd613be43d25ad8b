import type {PortEndpoint} from './endpoints.ts'
import type {NodeContext} from './node-context.ts'

/** Which endpoints of a service port serve under which traffic policy. */
export interface ChosenEndpoints {
	/** Policy Cluster: wherever they run, as topology hints allow. */
	readonly cluster: readonly PortEndpoint[]
	/** Policy Local: those on this node; topology hints do not matter. */
	readonly local: readonly PortEndpoint[]
}

/** Why an endpoint does not serve under a policy: it is on another node, does not serve or others do, or is for others. */
export type WhyNotChosen = 'elsewhere' | 'not-ready' | 'hint'

type Place = Pick<NodeContext, 'name' | 'zone'>

interface Step {
	readonly leavesOut: WhyNotChosen
	readonly keep: (endpoints: readonly PortEndpoint[], node: Place) => readonly PortEndpoint[]
}

/**
 * The ready endpoints; only where there is none of them, those that terminate but still serve (KEP-1669). The order of
 * kube-proxy (kube-proxy topology.go) holds: hints for this node, then for its zone, each only if every ready endpoint
 * has hints and at least one is for us (KEP-2433, KEP-3015).
 */
export const chooseEndpoints = (all: readonly PortEndpoint[], node: Place): ChosenEndpoints => {
	const choose = (steps: readonly Step[]) => steps.reduce((endpoints, {keep}) => keep(endpoints, node), all)
	return {cluster: choose(STEPS.cluster), local: choose(STEPS.local)}
}

/** Why each of them is not among the chosen; those that are do not appear. */
export const whyNotChosen = (
	all: readonly PortEndpoint[],
	node: Place,
	policy: keyof ChosenEndpoints,
): ReadonlyMap<PortEndpoint, WhyNotChosen> => {
	const left = new Map<PortEndpoint, WhyNotChosen>()
	let endpoints = all
	for (const {keep, leavesOut} of STEPS[policy]) {
		const kept = new Set(keep(endpoints, node))
		for (const endpoint of endpoints.filter(endpoint => !kept.has(endpoint))) {
			left.set(endpoint, leavesOut)
		}
		endpoints = [...kept]
	}
	return left
}

/** On this node; never while the node has no name. */
export const isLocal = (endpoint: PortEndpoint, nodeName: string): boolean =>
	nodeName !== '' && endpoint.nodeName === nodeName

const usable = (endpoints: readonly PortEndpoint[]): readonly PortEndpoint[] => {
	if (endpoints.every(endpoint => endpoint.ready)) {
		return endpoints
	}
	const ready = endpoints.filter(endpoint => endpoint.ready)
	return ready.length > 0 ? ready : endpoints.filter(endpoint => endpoint.serving && endpoint.terminating)
}

/** Endpoints that only finish their work are used wherever they run: nothing is ready, so hints mean nothing. */
const hinted = (endpoints: readonly PortEndpoint[], {name, zone}: Place): readonly PortEndpoint[] => {
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

const STEPS: Readonly<Record<keyof ChosenEndpoints, readonly Step[]>> = {
	cluster: [
		{leavesOut: 'not-ready', keep: usable},
		{leavesOut: 'hint', keep: hinted},
	],
	local: [
		{leavesOut: 'elsewhere', keep: (all, node) => all.filter(endpoint => isLocal(endpoint, node.name))},
		{leavesOut: 'not-ready', keep: usable},
	],
}
