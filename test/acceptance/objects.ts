import type {ObjectKind} from '../../src/model/object.ts'

/** An object as `kubectl get --output json` shows it, as far as a service proxy cares. */
export interface KubernetesObject {
	readonly apiVersion: string
	readonly kind: ObjectKind
	readonly metadata: Metadata
	readonly [field: string]: unknown
}

interface Metadata {
	readonly name: string
	readonly namespace?: string
	readonly labels?: Readonly<Record<string, string>>
	readonly annotations?: Readonly<Record<string, string>>
	readonly creationTimestamp?: string
	readonly [field: string]: unknown
}

type Fields = Readonly<Record<string, unknown>>

interface ServiceSettings extends Partial<Metadata> {
	/** `status.loadBalancer.ingress`. */
	readonly ingress?: readonly Fields[]
}

/** `ns/s`, ClusterIP 10.96.0.10, port 80/TCP named `p`; `spec` in place of that. */
export const service = (spec: Fields = {}, {ingress = [], ...metadata}: ServiceSettings = {}): KubernetesObject => {
	const clusterIPs = spec.clusterIPs ?? [spec.clusterIP ?? '10.96.0.10']
	const texts = clusterIPs as readonly string[]
	return {
		apiVersion: 'v1',
		kind: 'Service',
		metadata: {name: 's', namespace: 'ns', creationTimestamp: '2026-01-01T00:00:00Z', ...metadata},
		spec: {
			type: 'ClusterIP',
			clusterIP: texts[0],
			clusterIPs,
			ipFamilies: texts.map(text => (text.includes(':') ? 'IPv6' : 'IPv4')),
			ports: [port()],
			...spec,
		},
		status: {loadBalancer: {ingress}},
	}
}

/** Port 80/TCP named `p` of a Service. */
export const port = (settings: Fields = {}): Fields => ({name: 'p', port: 80, protocol: 'TCP', ...settings})

/** ClusterIPs of `ns/s` in both families. */
export const DUAL_STACK = {clusterIPs: ['10.96.0.10', 'fd00:96::a']} as const

interface SliceSettings extends Partial<Metadata> {
	/** Name of the Service. */
	readonly service?: string
	readonly addressType?: string
	readonly ports?: readonly Fields[]
}

/** Slice `s-1` of `ns/s`, port 8080/TCP named `p`, with one local endpoint and one on `n2` unless said otherwise. */
export const slice = (
	endpoints: readonly (string | Fields)[] = ['10.244.1.5', '10.244.2.5'],
	{service = 's', addressType, ports = [slicePort()], ...metadata}: SliceSettings = {},
): KubernetesObject => {
	const isIPv6 = JSON.stringify(endpoints).includes('::')
	return {
		apiVersion: 'discovery.k8s.io/v1',
		kind: 'EndpointSlice',
		metadata: {name: 's-1', namespace: 'ns', labels: {'kubernetes.io/service-name': service}, ...metadata},
		addressType: addressType ?? (isIPv6 ? 'IPv6' : 'IPv4'),
		ports,
		endpoints: endpoints.map(item => (typeof item === 'string' ? endpoint(item) : item)),
	}
}

/** Port 8080/TCP named `p` of a slice. */
export const slicePort = (settings: Fields = {}): Fields => ({name: 'p', port: 8080, protocol: 'TCP', ...settings})

interface EndpointSettings {
	readonly ready?: boolean
	readonly serving?: boolean
	readonly terminating?: boolean
	readonly nodeName?: string
	readonly zone?: string
	/** `hints.forZones`. */
	readonly zones?: readonly string[]
	/** `hints.forNodes`. */
	readonly nodes?: readonly string[]
}

/** Ready; 10.244.1.x and fd00:244:0:1::x are on `n1`, all others on `n2`. */
export const endpoint = (address: string, settings: EndpointSettings = {}): Fields => {
	const {zones, nodes, zone, nodeName, ready = true, serving = ready, terminating = false} = settings
	const named = (names: readonly string[]) => names.map(name => ({name}))
	const hints = {...(zones && {forZones: named(zones)}), ...(nodes && {forNodes: named(nodes)})}
	return {
		addresses: [address],
		nodeName: nodeName ?? (/^(10\.244\.1\.|fd00:244:0:1:)/.test(address) ? 'n1' : 'n2'),
		...(zone === undefined ? {} : {zone}),
		conditions: {ready, serving, terminating},
		...(zones || nodes ? {hints} : {}),
	}
}

/** Not ready, serving, terminating: the pod was deleted and still answers. */
export const TERMINATING = {ready: false, serving: true, terminating: true} as const

interface NodeSettings extends Partial<Metadata> {
	/** Undefined: no such label. */
	readonly zone?: string | undefined
	/** InternalIPs. */
	readonly addresses?: readonly string[]
	readonly podCIDRs?: readonly string[]
	readonly taints?: readonly Fields[]
}

/** Node `n1` in zone `za` with 192.0.2.10 and 2001:db8::10. */
export const node = (settings: NodeSettings = {}): KubernetesObject => {
	const {addresses = ['192.0.2.10', '2001:db8::10'], podCIDRs = [], taints = [], zone: _, ...metadata} = settings
	const zone = 'zone' in settings ? settings.zone : 'za'
	return {
		apiVersion: 'v1',
		kind: 'Node',
		metadata: {name: 'n1', labels: zone === undefined ? {} : {'topology.kubernetes.io/zone': zone}, ...metadata},
		spec: {podCIDRs, taints},
		status: {addresses: addresses.map(address => ({type: 'InternalIP', address}))},
	}
}

/** Networks that ClusterIPs are taken from. */
export const serviceCIDR = (...cidrs: readonly string[]): KubernetesObject => ({
	apiVersion: 'networking.k8s.io/v1',
	kind: 'ServiceCIDR',
	metadata: {name: 'kubernetes'},
	spec: {cidrs},
})

/** Real servers for the endpoints of `slice()`. */
export const LOCAL = {'10.244.1.5:8080': 1} as const
export const REMOTE = {'10.244.2.5:8080': 1} as const
export const BOTH = {...LOCAL, ...REMOTE} as const
