import {type KubernetesObject, node, port, service, slice, slicePort} from '../acceptance/objects.ts'

/** What a Service is like. */
export type Kind =
	| 'tcp'
	| 'udp'
	| 'node-port'
	| 'load-balancer'
	| 'group'
	| 'direct-routing'
	| 'direct-routing-ipv6'
	| 'scheduler'
	| 'slow-start'
	| 'garbled'

const CUSTOMARY: readonly Kind[] = [
	...(['tcp', 'tcp', 'slow-start', 'udp', 'node-port'] as const),
	...(['load-balancer', 'group', 'direct-routing', 'garbled', 'tcp'] as const),
]

/** So many Services of all kinds, with their endpoints, and the Nodes that come with them. */
export const manyServices = (count: number): readonly KubernetesObject[] => [
	...Array.from({length: count / 10}, (_, at) => otherNode(at)),
	...Array.from({length: count}, (_, at) => [serviceOf(kindOf(at), at), sliceOf(kindOf(at), at)]).flat(),
]

/** Those that are reached by address alone, without their endpoints elsewhere; those with slow start have new ones. */
export const localEndpoints = (count: number): readonly KubernetesObject[] =>
	Array.from({length: count}, (_, at) => at)
		.filter(at => ['tcp', 'udp', 'node-port', 'garbled', 'slow-start'].includes(kindOf(at)))
		.map(at => sliceOf(kindOf(at), at, kindOf(at) === 'slow-start' ? [hereOf(at), '10.246.0.1'] : [hereOf(at)]))

const kindOf = (at: number): Kind => CUSTOMARY[at % CUSTOMARY.length] ?? 'tcp'

/** Its address is that of the number `host`. */
export const otherNode = (at: number, host = at): KubernetesObject =>
	node({name: `other-${at}`, addresses: [`172.16.${spread(host)}`]})

/** `s7` for 7, with addresses and ports of its own. */
export const serviceOf = (kind: Kind, at: number): KubernetesObject => {
	const {protocol, ingress = [], annotations = {}, ...spec} = settingsOf(kind, at)
	const ports = [port({protocol, ...(spec.type && {nodePort: 30_000 + (at % 5000)})})]
	return service({clusterIP: `10.96.${spread(at)}`, ports, ...spec}, {name: `s${at}`, ingress, annotations})
}

/** Its endpoints: one here and one elsewhere unless said otherwise. */
export const sliceOf = (
	kind: Kind,
	at: number,
	endpoints: readonly string[] = [hereOf(at), elsewhereOf(at)],
): KubernetesObject => {
	const {protocol} = settingsOf(kind, at)
	const ports = [slicePort({protocol, port: kind === 'group' || kind.startsWith('direct') ? 80 : 8080})]
	return slice(endpoints, {service: `s${at}`, name: `s${at}-1`, ports})
}

const hereOf = (at: number): string => `10.244.1.${(at % 250) + 1}`

/** The address of the one elsewhere. */
export const elsewhereOf = (at: number): string => `10.245.${spread(at)}`

const spread = (at: number): string => `${Math.floor(at / 250)}.${(at % 250) + 1}`

interface Settings {
	readonly [field: string]: unknown
	readonly type?: string
	readonly protocol?: string
	readonly annotations?: Readonly<Record<string, string>>
	readonly ingress?: readonly Readonly<Record<string, unknown>>[]
}

const DIRECT_ROUTING = {annotations: {'kube-lvs.io/forwarding-method': 'direct-routing'}}

const settingsOf = (kind: Kind, at: number): Settings => {
	switch (kind) {
		case 'tcp':
			return {}
		case 'udp':
			return {protocol: 'UDP'}
		case 'node-port':
			return {type: 'NodePort'}
		case 'load-balancer':
			return {
				...{type: 'LoadBalancer', externalTrafficPolicy: 'Local', healthCheckNodePort: 40_000 + at},
				...{loadBalancerSourceRanges: ['198.51.100.0/24'], ingress: [{ip: `203.0.${spread(at)}`}]},
			}
		case 'group':
			return {annotations: {'kube-lvs.io/group-ports': 'true'}}
		case 'direct-routing':
			return DIRECT_ROUTING
		case 'direct-routing-ipv6':
			return {clusterIP: `fd00:96::${at}`, ...DIRECT_ROUTING}
		case 'scheduler':
			return {annotations: {'kube-lvs.io/scheduler': 'wlc'}}
		case 'slow-start':
			return {annotations: {'kube-lvs.io/slow-start': '1h'}}
		case 'garbled':
			return {annotations: {'kube-lvs.io/scheduler': 'nonsense'}}
	}
}
