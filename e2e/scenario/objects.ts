import type {Host, Node} from '../topology/hosts.ts'

/** A Kubernetes object as it would be applied. */
export type KubernetesObject = Readonly<Record<string, unknown>> & {
	readonly kind: string
	readonly metadata: {readonly name: string; readonly [field: string]: unknown}
}

export interface ServiceSpec {
	readonly name: string
	/** The last number of 10.96.0.x and fd00:96::x, and of the other VIPs. */
	readonly number: number
	readonly type?: 'ClusterIP' | 'NodePort' | 'LoadBalancer'
	readonly port?: number
	readonly nodePort?: number
	readonly externalIPs?: readonly string[]
	readonly loadBalancerIPs?: readonly string[]
	readonly affinitySeconds?: number
	readonly createdAt?: string
	readonly annotations?: Readonly<Record<string, string>>
	/** Fields of `spec` besides, as they are. */
	readonly spec?: Readonly<Record<string, unknown>>
}

const PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const

/** A dual-stack Service with one port for each protocol. */
export const serviceObject = (spec: ServiceSpec): KubernetesObject => {
	const {name, number, type = 'ClusterIP', port = 80, nodePort, externalIPs = [], loadBalancerIPs = []} = spec
	const clusterIPs = [`10.96.0.${number}`, `fd00:96::${number.toString(16)}`]
	return {
		apiVersion: 'v1',
		kind: 'Service',
		metadata: {
			name,
			namespace: 'demo',
			...(spec.createdAt ? {creationTimestamp: spec.createdAt} : {}),
			...(spec.annotations ? {annotations: spec.annotations} : {}),
		},
		spec: {
			type,
			clusterIP: clusterIPs[0],
			clusterIPs,
			ipFamilies: ['IPv4', 'IPv6'],
			ipFamilyPolicy: 'RequireDualStack',
			externalIPs,
			ports: PROTOCOLS.map(protocol => ({
				name: protocol.toLowerCase(),
				protocol,
				port,
				...(nodePort ? {nodePort} : {}),
			})),
			...(spec.affinitySeconds
				? {sessionAffinity: 'ClientIP', sessionAffinityConfig: {clientIP: {timeoutSeconds: spec.affinitySeconds}}}
				: {}),
			...spec.spec,
		},
		status: {loadBalancer: {ingress: loadBalancerIPs.map(ip => ({ip}))}},
	}
}

/** As an EndpointSlice tells it. */
export interface Conditions {
	readonly ready: boolean
	readonly serving: boolean
	readonly terminating: boolean
}

const READY: Conditions = {ready: true, serving: true, terminating: false}

export interface EndpointHost extends Host {
	readonly node: string
	/** Ready if not given. */
	readonly conditions?: Conditions
}

/** The two EndpointSlices, one for each family, of a Service that these pods serve. */
export const sliceObjects = (service: string, pods: readonly EndpointHost[], port = 8080): KubernetesObject[] =>
	(['ipv4', 'ipv6'] as const).map(family => ({
		apiVersion: 'discovery.k8s.io/v1',
		kind: 'EndpointSlice',
		metadata: {
			name: `${service}-${family}`,
			namespace: 'demo',
			labels: {'kubernetes.io/service-name': service},
		},
		addressType: family === 'ipv4' ? 'IPv4' : 'IPv6',
		ports: PROTOCOLS.map(protocol => ({name: protocol.toLowerCase(), protocol, port})),
		endpoints: pods.map(pod => ({
			addresses: [pod.addresses[family]],
			nodeName: pod.node,
			conditions: pod.conditions ?? READY,
		})),
	}))

/** A Node with its addresses and its part of the pod network. */
export const nodeObject = ({name, addresses, podCidrs}: Node): KubernetesObject => ({
	apiVersion: 'v1',
	kind: 'Node',
	metadata: {name},
	spec: {podCIDR: podCidrs.ipv4, podCIDRs: [podCidrs.ipv4, podCidrs.ipv6]},
	status: {
		addresses: Object.values(addresses).map(address => ({type: 'InternalIP', address})),
		conditions: [{type: 'Ready', status: 'True'}],
	},
})
