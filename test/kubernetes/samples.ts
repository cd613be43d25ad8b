import type {ApiObject} from '../support/api-server/api-object.ts'

/** A Service as an API server would have it. */
export const sampleService = (name: string, spec: object = {}, metadata: object = {}): ApiObject => ({
	apiVersion: 'v1',
	kind: 'Service',
	metadata: {name, namespace: 'default', ...metadata},
	spec: {
		type: 'ClusterIP',
		clusterIP: '10.96.0.1',
		clusterIPs: ['10.96.0.1'],
		ports: [{name: 'http', protocol: 'TCP', port: 80, targetPort: 8080}],
		...spec,
	},
})

export const sampleSlice = (name: string, addresses: readonly string[], rest: object = {}): ApiObject => ({
	apiVersion: 'discovery.k8s.io/v1',
	kind: 'EndpointSlice',
	metadata: {name, namespace: 'default', labels: {'kubernetes.io/service-name': 'web'}},
	addressType: 'IPv4',
	ports: [{name: 'http', protocol: 'TCP', port: 8080}],
	endpoints: addresses.map(address => ({addresses: [address], conditions: {ready: true}, nodeName: 'node-a'})),
	...rest,
})

export const sampleNode = (name: string, address = '192.168.0.1'): ApiObject => ({
	apiVersion: 'v1',
	kind: 'Node',
	metadata: {name, labels: {'topology.kubernetes.io/zone': 'zone-1'}},
	spec: {podCIDR: '10.244.0.0/24', podCIDRs: ['10.244.0.0/24']},
	status: {addresses: [{type: 'InternalIP', address}]},
})

export const sampleServiceCIDR = (name: string, ...cidrs: readonly string[]): ApiObject => ({
	apiVersion: 'networking.k8s.io/v1',
	kind: 'ServiceCIDR',
	metadata: {name},
	spec: {cidrs},
})
