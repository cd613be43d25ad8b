import {readServiceSettings} from '../annotations/read.ts'
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
	slices: Iterable<EndpointSlice>,
	node: NodeContext,
	config: Config,
): CompiledService => {
	if (!isServed(service)) {
		return {state: undefined, problems: []}
	}
	const known = [...slices]
	const families = node.families.filter(family => clusterIPOf(service, family) !== undefined)
	const read = withPossibleFeatures(service, readServiceSettings(service), node, config)
	const {settings, problems} = withPossibleSlowStart(service, read, config)
	const weights = weightsOf(settings, known, node)
	const ports = families.flatMap(family => contextsOf(service, known, family, {settings, weights, node, config}))
	const {compiled, ignored} = compilePorts(ports, families)
	const all = mergeListeners(compiled.flatMap(({listeners}) => listeners))
	const {listeners, problems: lacking} = withPresentSchedulers(service, all, node, config)
	const healthChecks = families.flatMap(family => healthCheckOf(service, family, ports) ?? [])
	const owner = {key: objectKey(service.namespace, service.name), createdAt: service.createdAt}
	return {
		state: {
			owner,
			listeners,
			...(compiled.some(({spans}) => spans) && {spans: compiled.flatMap(({spans = []}) => spans)}),
			members: [...compiled.flatMap(({members}) => members), ...healthCheckMembers(healthChecks)],
			healthChecks,
			noLocalEndpoints: compiled.flatMap(({noLocalEndpoints}) => noLocalEndpoints),
		},
		problems: [
			...problems,
			...weights.problems,
			...lacking,
			...ignored,
			...compiled.flatMap(({problems}) => problems),
			...openFamilies(service),
		],
	}
}

/** Headless and ExternalName Services, and those of another service proxy, have nothing here. */
const isServed = (service: Service): boolean =>
	service.clusterIPs.length > 0 && service.type !== 'ExternalName' && service.proxyName === undefined

const contextsOf = (
	service: Service,
	slices: readonly EndpointSlice[],
	family: Family,
	shared: Pick<PortContext, 'settings' | 'weights' | 'node' | 'config'>,
): readonly PortContext[] =>
	service.ports.map(port => ({...shared, service, port, family, endpoints: endpointsOf(slices, port, family)}))

/** One address may be an external IP and a load-balancer IP at once: one virtual server, the members of both. */
const mergeListeners = (listeners: readonly Listener[]): readonly Listener[] => {
	const merged = new Map<VirtualServerKey, Listener>()
	for (const listener of listeners) {
		const {key} = listener.state.server
		const first = merged.get(key)
		merged.set(key, first ? {...first, members: [...first.members, ...listener.members]} : listener)
	}
	return [...merged.values()]
}
