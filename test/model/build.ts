import type {Endpoint, EndpointSlice} from '../../src/model/endpoint-slice.ts'
import type {NodeContext} from '../../src/model/node-context.ts'
import type {Service, ServicePort} from '../../src/model/service.ts'
import {address} from '../state/build.ts'

/** `ns/s` with ClusterIP 10.96.0.10 and port 80/TCP named `p`, as in the acceptance cases of kube-proxy. */
export const service = (settings: Partial<Service> = {}): Service => ({
	namespace: 'ns',
	name: 's',
	uid: '',
	createdAt: 1000,
	type: 'ClusterIP',
	clusterIPs: [address('10.96.0.10')],
	ports: [servicePort()],
	externalIPs: [],
	loadBalancerIPs: [],
	loadBalancerSourceRanges: [],
	affinitySeconds: undefined,
	externalTrafficPolicy: 'Cluster',
	internalTrafficPolicy: 'Cluster',
	healthCheckNodePort: 0,
	proxyName: undefined,
	annotations: new Map(),
	problems: [],
	...settings,
})

export const servicePort = (settings: Partial<ServicePort> = {}): ServicePort => ({
	name: 'p',
	protocol: 'tcp',
	port: 80,
	nodePort: 0,
	...settings,
})

/** Ready; 10.244.1.x and fd00:244:1::x are on `n1`, all others on `n2`. */
export const endpoint = (text: string, settings: Partial<Endpoint> = {}): Endpoint => ({
	address: address(text),
	nodeName: /^(10\.244\.1\.|fd00:244:1:)/.test(text) ? 'n1' : 'n2',
	zone: '',
	ready: true,
	serving: true,
	terminating: false,
	zoneHints: [],
	nodeHints: [],
	...settings,
})

/** A slice of `ns/s` with port 8080/TCP named `p`. */
export const slice = (
	name: string,
	endpoints: readonly (string | Endpoint)[],
	settings: Partial<EndpointSlice> = {},
): EndpointSlice => ({
	namespace: 'ns',
	name,
	serviceName: 's',
	family: 'ipv4',
	ports: [{name: 'p', protocol: 'tcp', port: 8080}],
	endpoints: endpoints.map(item => (typeof item === 'string' ? endpoint(item) : item)),
	triggeredAt: undefined,
	annotations: new Map(),
	problems: [],
	...settings,
})

/** Node `n1` with 192.0.2.10 and 2001:db8::10, dual-stack. */
export const nodeContext = (settings: Partial<NodeContext> = {}): NodeContext => {
	const own = [address('192.0.2.10'), address('2001:db8::10')]
	return {
		name: 'n1',
		zone: 'za',
		families: ['ipv4', 'ipv6'],
		primaryAddresses: own,
		nodePortAddresses: own,
		ownAddresses: new Set(own),
		otherNodes: new Set(),
		gateways: new Set(),
		apiServers: [],
		lacking: new Set(),
		nodeWeights: new Map(),
		...settings,
	}
}
