import {readServiceSettings} from '../annotations/read.ts'
import {compact, joinLists} from '../compact.ts'
import type {Config} from '../config/fields.ts'
import type {EndpointSlice} from '../model/endpoint-slice.ts'
import {endpointsOf} from '../model/endpoints.ts'
import type {NodeContext} from '../model/node-context.ts'
import {objectKey} from '../model/object.ts'
import type {Problem} from '../model/problem.ts'
import {clusterIPOf, type Service} from '../model/service.ts'
import type {Family} from '../net/address.ts'
import type {VirtualServerKey} from '../state/ipvs.ts'
import type {Listener, ServiceState} from '../state/service-state.ts'
import {withPresentSchedulers} from './fallback.ts'
import {withPossibleFeatures} from './features.ts'
import {healthCheckMembers, healthCheckOf} from './health-check.ts'
import type {PortContext} from './port-context.ts'
import {compilePorts} from './ports.ts'
import {withPossibleSlowStart} from './slow-start.ts'
import {openFamilies} from './source-ranges.ts'
import {weightsOf} from './weights.ts'

/** What one Service asks of this node's kernel, and what of it cannot be had. */
export interface CompiledService {
	/** Undefined for a Service that is not ours to serve. */
	readonly state: ServiceState | undefined
	readonly problems: readonly Problem[]
}

export const compileService = (
	service: Service,
	slices: readonly EndpointSlice[],
	node: NodeContext,
	config: Config,
): CompiledService => {
	if (whyNotServed(service) !== undefined) {
		return {state: undefined, problems: []}
	}
	const {ports, families, problems} = portContextsOf(service, slices, node, config)
	const {compiled, ignored} = compilePorts(ports, families)
	const all = mergeListeners(joinLists(compiled.map(({listeners}) => listeners)))
	const {listeners, problems: lacking} = withPresentSchedulers(service, all, node, config)
	const healthChecks = families.flatMap(family => healthCheckOf(service, family, ports) ?? [])
	const owner = {key: objectKey(service.namespace, service.name), createdAt: service.createdAt}
	return {
		state: {
			owner,
			listeners: compact(listeners),
			...(compiled.some(({spans}) => spans) && {spans: compiled.flatMap(({spans = []}) => spans)}),
			members: compact(joinLists([...compiled.map(({members}) => members), healthCheckMembers(healthChecks)])),
			healthChecks: compact(healthChecks),
			noLocalEndpoints: compact(joinLists(compiled.map(({noLocalEndpoints}) => noLocalEndpoints))),
		},
		problems: joinLists([problems, lacking, ignored, ...compiled.map(found => found.problems), openFamilies(service)]),
	}
}

/** Undefined for a Service that is ours to serve. */
export const whyNotServed = ({clusterIPs, type, proxyName}: Service): string | undefined => {
	if (type === 'ExternalName') {
		return 'it is of type ExternalName'
	}
	if (proxyName !== undefined) {
		return `it has the label service.kubernetes.io/service-proxy-name ${proxyName}`
	}
	return clusterIPs.length === 0 ? 'it has no ClusterIP' : undefined
}

/** Its ports in all families in which this node serves it, with all that bears on them. */
export const portContextsOf = (
	service: Service,
	slices: readonly EndpointSlice[],
	node: NodeContext,
	config: Config,
): {
	readonly ports: readonly PortContext[]
	readonly families: readonly Family[]
	/** Of annotations. */
	readonly problems: readonly Problem[]
} => {
	const families = node.families.filter(family => clusterIPOf(service, family) !== undefined)
	const read = withPossibleFeatures(service, readServiceSettings(service), node, config)
	const {settings, problems} = withPossibleSlowStart(service, read, config)
	const weights = weightsOf(settings, slices, node)
	const ports = families.flatMap(family =>
		service.ports.map(port => {
			const endpoints = endpointsOf(slices, port, family)
			return {service, settings, port, family, endpoints, weights, node, config}
		}),
	)
	return {ports, families, problems: joinLists([problems, weights.problems])}
}

/** One address may be an external IP and a load-balancer IP at once: one virtual server, the members of both. */
const mergeListeners = (listeners: readonly Listener[]): readonly Listener[] => {
	if (listeners.length < 2) {
		return listeners
	}
	const merged = new Map<VirtualServerKey, Listener>()
	for (const listener of listeners) {
		const {key} = listener.state.server
		const first = merged.get(key)
		merged.set(key, first ? {...first, members: [...first.members, ...listener.members]} : listener)
	}
	return [...merged.values()]
}
