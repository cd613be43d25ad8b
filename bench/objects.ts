import type {KubernetesObject} from '../e2e/scenario/objects.ts'
import {decodeChange} from '../src/kubernetes/decode-change.ts'
import type {ObjectChange, ObjectKind} from '../src/model/object.ts'

export interface Size {
	readonly services: number
	/** Of each Service. */
	readonly endpoints: number
}

/** The node that is measured. */
export const NODE_NAME = 'n1'
export const NAMESPACE = 'bench'
export const SERVICE_NETWORK = '10.96.0.0/12'
/** The pods, which are the endpoints. */
export const CLUSTER_NETWORK = '11.0.0.0/8'
export const SERVICE_PORT = 80
export const TARGET_PORT = 8080

/** What a kubelet allows. */
const PODS_PER_NODE = 110
/** What the EndpointSlice controller allows. */
export const ENDPOINTS_PER_SLICE = 100

/**
 * One node of a large cluster: as many nodes as the endpoints need, each with as many pods as it may have, and the
 * endpoints of each Service spread over them. Objects are made when they are asked for, nothing holds on to them.
 */
export interface Objects extends Size {
	readonly nodes: number
	/** Everything that is listed: the networks, Nodes, Services and EndpointSlices. */
	readonly all: () => Generator<KubernetesObject>
	readonly service: (index: number) => KubernetesObject
	/**
	 * The EndpointSlices of a Service. Instead of the endpoint at the place `replaced` there is another one on the same
	 * node, as after a rollout.
	 */
	readonly slices: (index: number, replaced?: number) => readonly KubernetesObject[]
	/** Whether an endpoint of a Service runs on the node that is measured. */
	readonly isLocal: (service: number, endpoint: number) => boolean
}

export const makeObjects = (size: Size): Objects => {
	const {services, endpoints} = size
	const total = services * endpoints
	const nodes = Math.max(Math.ceil(total / PODS_PER_NODE), 2)
	const local = Math.min(PODS_PER_NODE, Math.ceil(total / nodes))
	const isLocal = (service: number, endpoint: number): boolean =>
		((service * endpoints + endpoint) * local) % Math.max(total, 1) < local
	const nodeOf = (service: number, endpoint: number): string =>
		isLocal(service, endpoint) ? NODE_NAME : `n${2 + ((service * endpoints + endpoint) % (nodes - 1))}`
	const slices = (index: number, replaced?: number): readonly KubernetesObject[] => {
		const all = Array.from({length: endpoints}, (_, at) =>
			endpointObject(endpointAddress(size, index, at === replaced ? endpoints : at), nodeOf(index, at), index, at),
		)
		const count = Math.ceil(endpoints / ENDPOINTS_PER_SLICE)
		return Array.from({length: count}, (_, at) =>
			sliceObject(index, at, all.slice(at * ENDPOINTS_PER_SLICE, (at + 1) * ENDPOINTS_PER_SLICE)),
		)
	}
	const all = function* (): Generator<KubernetesObject> {
		yield serviceCIDRObject()
		for (let node = 1; node <= nodes; node++) {
			yield nodeObject(node)
		}
		for (let index = 0; index < services; index++) {
			yield serviceObject(index)
			yield* slices(index)
		}
	}
	return {...size, nodes, all, service: serviceObject, slices, isLocal}
}

/** Objects as the product sees them, read as the product reads them. */
export const project = (object: KubernetesObject): ObjectChange => decodeChange(object.kind as ObjectKind, object)

/** Each Service has a place for one endpoint more than it has, for one that takes the place of another. */
const endpointAddress = ({endpoints}: Size, service: number, at: number): string =>
	ipv4(CLUSTER_START, 1 + service * (endpoints + 1) + at)

/** The ClusterIP of a Service. */
const clusterIP = (service: number): string => ipv4(SERVICE_START, 1 + service)

const ipv4 = (start: number, number: number): string =>
	[24, 16, 8, 0].map(shift => ((start + number) >>> shift) & 255).join('.')

const SERVICE_START = 0x0a600000
const CLUSTER_START = 0x0b000000
const NODE_START = 0xac100000

/** As the ids of real objects look; made of a number, so that each run has the same. */
const uid = (group: number, number: number): string =>
	`${group.toString(16).padStart(8, '0')}-7d1c-4b9e-9f3a-${number.toString(16).padStart(12, '0')}`

const time = (number: number): string => `${new Date(Date.UTC(2026, 0, 1) + number * 1000).toISOString().slice(0, 19)}Z`

/** Who last wrote which fields: a good part of every object that an API server sends. */
const managedFields = (manager: string, apiVersion: string, created: string, fields: object) => [
	{manager, operation: 'Update', apiVersion, time: created, fieldsType: 'FieldsV1', fieldsV1: fields},
]

const serviceName = (index: number): string => `service-${index}`

const serviceObject = (index: number): KubernetesObject => ({
	apiVersion: 'v1',
	kind: 'Service',
	metadata: {
		name: serviceName(index),
		namespace: NAMESPACE,
		uid: uid(1, index),
		resourceVersion: String(100_000 + index),
		creationTimestamp: time(index),
		labels: {app: serviceName(index), 'app.kubernetes.io/managed-by': 'Helm'},
		annotations: {'meta.helm.sh/release-name': serviceName(index), 'meta.helm.sh/release-namespace': NAMESPACE},
		managedFields: managedFields('helm', 'v1', time(index), SERVICE_FIELDS),
	},
	spec: {
		type: 'ClusterIP',
		clusterIP: clusterIP(index),
		clusterIPs: [clusterIP(index)],
		ipFamilies: ['IPv4'],
		ipFamilyPolicy: 'SingleStack',
		internalTrafficPolicy: 'Cluster',
		sessionAffinity: 'None',
		selector: {app: serviceName(index)},
		ports: [{name: 'http', protocol: 'TCP', port: SERVICE_PORT, targetPort: TARGET_PORT}],
	},
	status: {loadBalancer: {}},
})

const SERVICE_FIELDS = {
	'f:metadata': {
		'f:annotations': {'.': {}, 'f:meta.helm.sh/release-name': {}, 'f:meta.helm.sh/release-namespace': {}},
		'f:labels': {'.': {}, 'f:app': {}, 'f:app.kubernetes.io/managed-by': {}},
	},
	'f:spec': {
		'f:internalTrafficPolicy': {},
		'f:ports': {
			'.': {},
			'k:{"port":80,"protocol":"TCP"}': {
				'.': {},
				'f:name': {},
				'f:port': {},
				'f:protocol': {},
				'f:targetPort': {},
			},
		},
		'f:selector': {},
		'f:sessionAffinity': {},
		'f:type': {},
	},
}

const sliceObject = (index: number, at: number, endpoints: readonly object[]): KubernetesObject => ({
	apiVersion: 'discovery.k8s.io/v1',
	kind: 'EndpointSlice',
	addressType: 'IPv4',
	metadata: {
		name: `${serviceName(index)}-${String.fromCharCode(97 + at)}x7kq`,
		generateName: `${serviceName(index)}-`,
		namespace: NAMESPACE,
		uid: uid(2 + at, index),
		resourceVersion: String(200_000 + index),
		generation: 1,
		creationTimestamp: time(index),
		labels: {
			app: serviceName(index),
			'app.kubernetes.io/managed-by': 'Helm',
			'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
			'kubernetes.io/service-name': serviceName(index),
		},
		annotations: {'endpoints.kubernetes.io/last-change-trigger-time': time(index)},
		ownerReferences: [
			{
				apiVersion: 'v1',
				kind: 'Service',
				name: serviceName(index),
				uid: uid(1, index),
				controller: true,
				blockOwnerDeletion: true,
			},
		],
		managedFields: managedFields('kube-controller-manager', 'discovery.k8s.io/v1', time(index), SLICE_FIELDS),
	},
	ports: [{name: 'http', protocol: 'TCP', port: TARGET_PORT}],
	endpoints,
})

const SLICE_FIELDS = {
	'f:addressType': {},
	'f:endpoints': {},
	'f:metadata': {
		'f:annotations': {'.': {}, 'f:endpoints.kubernetes.io/last-change-trigger-time': {}},
		'f:generateName': {},
		'f:labels': {'.': {}, 'f:app': {}, 'f:kubernetes.io/service-name': {}},
		'f:ownerReferences': {'.': {}, 'k:{"uid":"owner"}': {}},
	},
	'f:ports': {},
}

const endpointObject = (address: string, nodeName: string, index: number, at: number) => ({
	addresses: [address],
	conditions: {ready: true, serving: true, terminating: false},
	nodeName,
	zone: 'zone-a',
	targetRef: {
		kind: 'Pod',
		namespace: NAMESPACE,
		name: `${serviceName(index)}-6d4cf56db6-${String(at).padStart(5, 'x')}`,
		uid: uid(200 + at, index),
	},
})

const nodeObject = (number: number): KubernetesObject => ({
	apiVersion: 'v1',
	kind: 'Node',
	metadata: {
		name: `n${number}`,
		uid: uid(0, number),
		resourceVersion: String(number),
		creationTimestamp: time(0),
		labels: {
			'kubernetes.io/hostname': `n${number}`,
			'kubernetes.io/os': 'linux',
			'topology.kubernetes.io/zone': 'zone-a',
		},
	},
	spec: {},
	status: {
		addresses: [
			{type: 'InternalIP', address: ipv4(NODE_START, number)},
			{type: 'Hostname', address: `n${number}`},
		],
		capacity: {cpu: '64', memory: '263856484Ki', pods: String(PODS_PER_NODE)},
		conditions: [{type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status'}],
	},
})

const serviceCIDRObject = (): KubernetesObject => ({
	apiVersion: 'networking.k8s.io/v1',
	kind: 'ServiceCIDR',
	metadata: {name: 'kubernetes', uid: uid(3, 0), resourceVersion: '1', creationTimestamp: time(0)},
	spec: {cidrs: [SERVICE_NETWORK]},
})
