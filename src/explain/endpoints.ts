import type {Vip} from '../desired/addresses.ts'
import {vipsOf} from '../desired/addresses.ts'
import type {PortContext} from '../desired/port-context.ts'
import {type ChosenEndpoints, type WhyNotChosen, whyNotChosen} from '../model/chosen-endpoints.ts'
import type {PortEndpoint} from '../model/endpoints.ts'
import {policyOf} from '../model/service.ts'
import {type RealServerKey, realServerKey, type VirtualServerState} from '../state/ipvs.ts'
import {holderOf, listenersOf} from './addresses.ts'
import {
	type Bounded,
	bounded,
	type DrainExplanation,
	type EndpointExplanation,
	type PlaceExplanation,
	type WeightExplanation,
} from './explanation.ts'
import type {Sources} from './sources.ts'

type Policy = keyof ChosenEndpoints

/** What the virtual servers of one service port under one policy have in common. */
interface Face {
	readonly policy: Policy
	readonly servers: readonly VirtualServerState[]
	readonly leftOut: ReadonlyMap<PortEndpoint, WhyNotChosen>
}

/** The endpoints of one service port as the EndpointSlices list them, and then those that only drain; so many of each. */
export const explainEndpoints = (
	context: PortContext,
	sources: Sources,
	most: number,
): Bounded<EndpointExplanation> => {
	const faces = facesOf(context, sources)
	const listed = context.endpoints.slice(0, most).map(endpoint => {
		const {key, nodeName, zone} = endpoint
		const places = faces.map(face => [face.policy, placeOf(endpoint, face, context, sources)] as const)
		return {address: key, node: nodeName, zone, ...Object.fromEntries(places)}
	})
	const known = new Set(context.endpoints.flatMap(({address, port}) => keysOf(address, port)))
	const gone = new Map<RealServerKey, EndpointExplanation>()
	for (const face of faces) {
		for (const key of drainingIn(face, sources).filter(key => !known.has(key))) {
			const draining = drainOf(face, [key], sources)
			const place = {why: 'not in the EndpointSlices any more', ...(draining ? {draining} : {})}
			gone.set(key, {...(gone.get(key) ?? {address: key, node: '', zone: ''}), [face.policy]: place})
		}
	}
	const {items, more} = bounded([...gone.values()], most)
	return {items: [...listed, ...items], more: context.endpoints.length - listed.length + more}
}

const facesOf = (context: PortContext, sources: Sources): readonly Face[] => {
	const {service, port, family, node, config, endpoints} = context
	const {vips} = vipsOf(service, port, {family, node}, config)
	const policies: readonly Policy[] = ['cluster', 'local']
	return policies.flatMap(policy => {
		const servers = vips.flatMap(vip => statesOf(vip, policy, context, sources))
		const leftOut = whyNotChosen(endpoints, node, policy)
		return servers.length > 0 ? [{policy, servers: [...new Set(servers)], leftOut}] : []
	})
}

/**
 * Those that are this Service's. Of a VIP that leads to two virtual servers the second one is that of clients inside,
 * under policy Cluster.
 */
const statesOf = (vip: Vip, policy: Policy, context: PortContext, sources: Sources): readonly VirtualServerState[] => {
	const own = policyOf(context.service, vip.kind !== 'cluster-ip') === 'Local' ? 'local' : 'cluster'
	if (holderOf(vip, context, sources) !== undefined) {
		return []
	}
	const isLost = ({server}: VirtualServerState) => sources.conflicts.some(conflict => conflict.server === server.key)
	return listenersOf(vip, context, sources).flatMap(({state}, at) =>
		(at === 0 ? own : 'cluster') === policy && !isLost(state) ? [state] : [],
	)
}

const placeOf = (endpoint: PortEndpoint, face: Face, context: PortContext, sources: Sources): PlaceExplanation => {
	const keys = keysOf(endpoint.address, endpoint.port)
	const left = face.leftOut.get(endpoint)
	if (left === undefined) {
		const why = endpoint.ready ? undefined : 'it terminates, but none is ready'
		const weight = weightOf(endpoint, face, context, sources)
		return weight ? {weight, ...(why ? {why} : {})} : {why: 'a group needs endpoints that serve every port'}
	}
	const draining = drainOf(face, keys, sources)
	return {why: textOf(left, endpoint), ...(draining ? {draining} : {})}
}

const textOf = (left: WhyNotChosen, {ready, terminating, nodeName, zoneHints, nodeHints}: PortEndpoint): string => {
	switch (left) {
		case 'elsewhere':
			return nodeName === '' ? 'its node is not known' : 'on another node'
		case 'not-ready':
			return terminating ? 'terminating' : ready ? 'not serving' : 'not ready'
		case 'hint':
			return `hinted for ${[...nodeHints.map(name => `node ${name}`), ...zoneHints.map(name => `zone ${name}`)].join(', ')}`
		default:
			return left satisfies never
	}
}

const weightOf = (
	endpoint: PortEndpoint,
	{servers}: Face,
	{weights, settings}: PortContext,
	{actual}: Sources,
): WeightExplanation | undefined => {
	const {from, selector} = weights.of(endpoint, endpoint.slice)
	// Node ports are in no group: where there is one, the weight is that of the port itself.
	const found = keysOf(endpoint.address, endpoint.port).flatMap(key =>
		servers.flatMap(({server, realServers}) => {
			const wanted = realServers.get(key)
			return wanted ? [{wanted, present: actual?.virtualServers.get(server.key)?.realServers.get(key)}] : []
		}),
	)
	const [first] = found
	if (!first) {
		return undefined
	}
	const full = first.wanted.weight
	const now = (found.find(({present}) => present) ?? first).present?.weight
	const isStarting = settings.slowStart !== undefined && now !== undefined && now < full
	return {
		now,
		full,
		from: selector === undefined ? from : `${from} ${selector}`,
		...(isStarting ? {slowStartPercent: Math.round((100 * now) / full)} : {}),
	}
}

/** A group of ports has real servers without one. */
const keysOf = (address: PortEndpoint['address'], port: number): readonly RealServerKey[] => [
	realServerKey(address, port),
	realServerKey(address, 0),
]

const drainingIn = ({servers}: Face, {actual}: Sources): readonly RealServerKey[] => {
	const found = servers.flatMap(({server, realServers}) =>
		[...(actual?.virtualServers.get(server.key)?.realServers.keys() ?? [])].filter(key => !realServers.has(key)),
	)
	return [...new Set(found)]
}

/** Over all virtual servers of the face: the longest time, and all connections. */
const drainOf = (
	{servers}: Face,
	keys: readonly RealServerKey[],
	{actual, drainOf, now}: Sources,
): DrainExplanation | undefined => {
	const all = servers.flatMap(({server, realServers}) =>
		keys
			.filter(key => !realServers.has(key) && actual?.virtualServers.get(server.key)?.realServers.has(key))
			.map(key => ({drain: drainOf(server.key, key), counters: actual?.counters.get(server.key)?.get(key)})),
	)
	const drains = all.flatMap(({drain}) => drain ?? [])
	const [first] = drains.toSorted((a, b) => a.since - b.since)
	const connections = all.reduce(
		(sum, {counters}) => sum + (counters?.activeConnections ?? 0) + (counters?.inactiveConnections ?? 0),
		0,
	)
	const seconds = first && Math.max(Math.floor((now - first.since) / 1000), 0)
	return all.length > 0
		? {seconds, deadlineSeconds: first && Math.floor(first.deadline / 1000), connections}
		: undefined
}
