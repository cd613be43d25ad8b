import fc from 'fast-check'
import {
	endpoint,
	type KubernetesObject,
	node,
	port,
	service,
	serviceCIDR,
	slice,
	slicePort,
	TERMINATING,
} from '../acceptance/objects.ts'

/** Objects of a small world, so that things meet: four Services, five slices, two nodes. */

const PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const
const POLICIES = ['Cluster', 'Local'] as const

const servicePorts = fc.uniqueArray(
	fc
		.record({
			name: fc.constantFrom('p', 'q'),
			protocol: fc.constantFrom(...PROTOCOLS),
			nodePort: fc.constantFrom(0, 30_001, 30_002),
		})
		.map(settings => port({...settings, port: settings.name === 'p' ? 80 : 81})),
	{selector: ({name}) => name, minLength: 1, maxLength: 2},
)

const clusterIPsOf = (index: number) => {
	const [ipv4, ipv6] = [`10.96.0.${index + 1}`, `fd00:96::${index + 1}`] as const
	return fc.constantFrom([ipv4, ipv6], [ipv4, ipv6], [ipv6, ipv4], [ipv4], [ipv6], ['None'])
}

const ingress = fc.uniqueArray(
	fc.record(
		{
			ip: fc.constantFrom('203.0.113.2', '203.0.113.3', '2001:db8:f::1'),
			ipMode: fc.constantFrom('VIP', 'VIP', 'Proxy'),
		},
		{requiredKeys: ['ip']},
	),
	{selector: ({ip}) => ip, maxLength: 2},
)

const specOf = (index: number) =>
	fc.record({
		type: fc.constantFrom('ClusterIP', 'NodePort', 'LoadBalancer', 'LoadBalancer', 'LoadBalancer', 'ExternalName'),
		clusterIPs: clusterIPsOf(index),
		ports: servicePorts,
		externalIPs: fc.uniqueArray(fc.constantFrom('203.0.113.1', '203.0.113.2', '2001:db8:f::1', '192.0.2.10'), {
			maxLength: 2,
		}),
		externalTrafficPolicy: fc.constantFrom(...POLICIES),
		internalTrafficPolicy: fc.constantFrom(...POLICIES),
		healthCheckNodePort: fc.constantFrom(0, 32_000 + index, 32_010 + index),
		loadBalancerSourceRanges: fc.constantFrom([], [], ['198.51.100.0/24'], ['192.0.2.10/32', '2001:db8::/64']),
		sessionAffinity: fc.constantFrom('None', 'None', 'ClientIP'),
	})

/** Annotations with some of these values. */
const someOf = (values: Readonly<Record<string, readonly string[]>>): fc.Arbitrary<Readonly<Record<string, string>>> =>
	fc
		.tuple(
			...Object.entries(values).map(([name, texts]) =>
				fc.constantFrom(undefined, ...texts).map(text => [`kube-lvs.io/${name}`, text] as const),
			),
		)
		.map(entries => Object.fromEntries(entries.flatMap(([name, text]) => (text === undefined ? [] : [[name, text]]))))

const WEIGHTS = ['zone=za 3, default 2', 'node=n1 0', '10.244.2.0/30 5, fd00:244:0:2::1 0', 'default 65536']

/** Whatever of these is asked for comes to its end within seconds. */
const serviceAnnotations = someOf({
	weights: WEIGHTS,
	'slow-start': ['1s', '2s'],
	'drain-deadline': ['0s', '1s', '1h'],
	'udp-drain': ['true', 'yes'],
	'upper-threshold': ['10', '0'],
	'group-ports': ['true', 'false', 'maybe'],
	'port-range': ['udp:80-84, tcp:81', 'all', 'some', '80'],
	'persistence-timeout': ['5m'],
})

const anyService: fc.Arbitrary<KubernetesObject> = fc.nat(3).chain(index =>
	fc
		.record({
			spec: specOf(index),
			ingress,
			annotations: serviceAnnotations,
			year: fc.constantFrom(2024, 2025),
			isOthers: isOneIn(10),
		})
		.map(({spec, ingress, annotations, year, isOthers}) =>
			service(spec, {
				name: `s${index}`,
				ingress,
				annotations,
				creationTimestamp: `${year}-01-01T00:00:00Z`,
				...(isOthers ? {labels: {'service.kubernetes.io/service-proxy-name': 'another'}} : {}),
			}),
		),
)

const isOneIn = (count: number) => fc.nat(count - 1).map(number => number === 0)

const CONDITIONS = [
	{},
	{},
	{ready: false},
	TERMINATING,
	{...TERMINATING, serving: false},
	{nodeName: 'n1'},
	{nodeName: 'n1', ...TERMINATING},
	{zones: ['za']},
	{zones: ['zb', 'zc'], nodeName: 'n1'},
	{zones: ['za'], nodes: ['n1']},
	{zone: 'za'},
] as const

const podsOf = (isIPv6: boolean) =>
	fc
		.uniqueArray(fc.record({number: fc.integer({min: 1, max: 4}), conditions: fc.constantFrom(...CONDITIONS)}), {
			selector: ({number}) => number,
		})
		.map(pods =>
			pods.map(({number, conditions}) =>
				endpoint(isIPv6 ? `fd00:244:0:2::${number}` : `10.244.2.${number}`, conditions),
			),
		)

const slicePorts = fc.uniqueArray(
	fc
		.record({
			name: fc.constantFrom('p', 'q'),
			port: fc.constantFrom(8080, 'same', 'same', 'same', null),
			protocol: fc.constantFrom(...PROTOCOLS),
		})
		// As the port of a Service of this name, or not.
		.map(({port, ...rest}) => slicePort({...rest, port: port === 'same' ? (rest.name === 'p' ? 80 : 81) : port})),
	{selector: ({name, protocol}) => `${name} ${protocol}`, minLength: 1, maxLength: 4},
)

const anySlice: fc.Arbitrary<KubernetesObject> = fc.boolean().chain(isIPv6 =>
	fc
		.record({
			index: fc.nat(4),
			service: fc.nat(3),
			pods: podsOf(isIPv6),
			ports: slicePorts,
			annotations: someOf({weights: WEIGHTS}),
		})
		.map(({index, service, pods, ports, annotations}) =>
			// The address type of a slice cannot change.
			slice(pods, {
				name: `slice${index}-${isIPv6 ? 'ipv6' : 'ipv4'}`,
				service: `s${service}`,
				annotations,
				addressType: isIPv6 ? 'IPv6' : 'IPv4',
				ports,
			}),
		),
)

const NODE_WEIGHTS = ['0', '2', '65535', '1.5']

const ownNode = fc
	.record({
		zone: fc.constantFrom('za', 'zb', undefined),
		addresses: fc.constantFrom(
			['192.0.2.10', '2001:db8::10'],
			['192.0.2.11', '192.0.2.10', '2001:db8::11'],
			['2001:db8::10'],
		),
		annotations: someOf({weight: NODE_WEIGHTS}),
	})
	.map(node)

const otherNode = fc
	.record({
		addresses: fc.constantFrom(['203.0.113.1'], ['203.0.113.2', '2001:db8:f::1'], ['192.0.2.20']),
		annotations: someOf({weight: NODE_WEIGHTS}),
	})
	.map(settings => node({name: 'n2', ...settings}))

const apiServer = fc.constantFrom('203.0.113.3', '198.51.100.9').map(address =>
	slice([address], {
		name: 'kubernetes',
		namespace: 'default',
		service: 'kubernetes',
		ports: [slicePort({name: 'https', port: 443})],
	}),
)

const removable = fc.oneof(
	{weight: 8, arbitrary: anyService},
	{weight: 10, arbitrary: anySlice},
	{weight: 1, arbitrary: otherNode},
	{weight: 1, arbitrary: apiServer},
	{weight: 1, arbitrary: fc.constant(serviceCIDR('10.96.0.0/16', 'fd00:96::/108'))},
)

/** An object that is made or changed, or is gone. */
export interface AnyChange {
	readonly object: KubernetesObject
	readonly isGone: boolean
}

export const anyChange: fc.Arbitrary<AnyChange> = fc.oneof(
	{weight: 20, arbitrary: fc.record({object: removable, isGone: isOneIn(5)})},
	// A Node that is gone counts on as it was last seen.
	{weight: 1, arbitrary: ownNode.map(object => ({object, isGone: false}))},
)
