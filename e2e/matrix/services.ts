import {type KubernetesObject, serviceObject, sliceObjects} from '../scenario/objects.ts'
import type {Addresses, Host, Pod} from '../topology/hosts.ts'
import type {AddressKind, Place} from './words.ts'

/** What `spec` has besides for each policy of docs/traffic.md. */
const policiesFor = ({outside, node}: {readonly outside: Host; readonly node: Host}) => {
	const external = {externalTrafficPolicy: 'Local'}
	const internal = {internalTrafficPolicy: 'Local'}
	const forHost = ({addresses}: Host) => ({
		loadBalancerSourceRanges: [`${addresses.ipv4}/32`, `${addresses.ipv6}/128`],
	})
	const forPods = {loadBalancerSourceRanges: ['10.244.0.0/16', 'fd00:244::/56']}
	return new Map<string, Readonly<Record<string, unknown>>>([
		['none', {}],
		['affinity', {sessionAffinity: 'ClientIP'}],
		['affinity and external', {sessionAffinity: 'ClientIP', ...external}],
		['internal', internal],
		['external', external],
		['internal and external', {...internal, ...external}],
		['for outside', forHost(outside)],
		['for the node', forHost(node)],
		['for pods', forPods],
		['for outside and external', {...forHost(outside), ...external}],
		['for the node and external', {...forHost(node), ...external}],
		['for pods and external', {...forPods, ...external}],
	])
}

/** A Service of a policy with endpoints in one place, and where it is served. */
export interface MatrixService {
	readonly objects: readonly KubernetesObject[]
	readonly endpoints: readonly Pod[]
	readonly targets: Readonly<Record<AddressKind, Addresses & {readonly port: number}>>
}

export interface Surroundings {
	readonly node: Host
	readonly outside: Host
	/** Pods that echo on 8080. */
	readonly endpoints: Readonly<Record<Place, readonly Pod[]>>
}

const FIRST_NUMBER = 10
/** All Services share the node's own addresses. */
const FIRST_PORT = 8_000
const FIRST_NODE_PORT = 30_000

/** One Service with all kinds of addresses; `index` tells it from others. */
export const matrixService = (
	{policy, place}: {readonly policy: string; readonly place: Place},
	index: number,
	around: Surroundings,
): MatrixService => {
	const spec = policiesFor(around).get(policy)
	if (!spec) {
		throw new Error(`docs/traffic.md: no policy is called ${JSON.stringify(policy)}`)
	}
	const number = FIRST_NUMBER + index
	const [port, nodePort] = [FIRST_PORT + number, FIRST_NODE_PORT + number]
	const external = {ipv4: `203.0.113.${number}`, ipv6: `2001:db8:f::${number.toString(16)}`}
	const balancer = {ipv4: `203.0.113.${100 + number}`, ipv6: `2001:db8:f:0:1::${number.toString(16)}`}
	const name = `s${number}`
	const service = serviceObject({
		...{name, number, type: 'LoadBalancer', port, nodePort, spec},
		externalIPs: Object.values(external),
		loadBalancerIPs: [...Object.values(balancer), ...Object.values(around.node.addresses)],
	})
	return {
		objects: [service, ...sliceObjects(name, around.endpoints[place])],
		endpoints: around.endpoints[place],
		targets: {
			ClusterIP: {ipv4: `10.96.0.${number}`, ipv6: `fd00:96::${number.toString(16)}`, port},
			NodePort: {...around.node.addresses, port: nodePort},
			'external IP': {...external, port},
			'load-balancer IP': {...balancer, port},
			'own IP': {...around.node.addresses, port},
		},
	}
}
