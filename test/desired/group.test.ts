import {expect} from 'chai'
import {DEFAULT_CONFIG} from '../../src/config/fields.ts'
import {type CompiledService, compileService} from '../../src/desired/service.ts'
import type {EndpointSlice} from '../../src/model/endpoint-slice.ts'
import type {NodeContext} from '../../src/model/node-context.ts'
import {formatProblem} from '../../src/model/problem.ts'
import type {Service} from '../../src/model/service.ts'
import {parsePrefix} from '../../src/net/prefix.ts'
import {formatSpan} from '../../src/state/span.ts'
import {endpoint, nodeContext, service, servicePort, slice} from '../model/build.ts'
import {address} from '../state/build.ts'

const WEB = [servicePort({name: 'http', port: 80}), servicePort({name: 'https', port: 443})]
const SLICE_PORTS = [
	{name: 'http', protocol: 'tcp', port: 80},
	{name: 'https', protocol: 'tcp', port: 443},
] as const
const SLICES = [slice('a', ['10.244.1.5', '10.244.2.5'], {ports: SLICE_PORTS})]

const annotated = (annotations: Readonly<Record<string, string>>, settings: Partial<Service> = {}): Service =>
	service({
		ports: WEB,
		annotations: new Map(Object.entries(annotations).map(([name, value]) => [`kube-lvs.io/${name}`, value])),
		...settings,
	})

const compile = (
	given: Service,
	slices: readonly EndpointSlice[] = SLICES,
	node: NodeContext = nodeContext(),
): CompiledService => compileService(given, slices, node, DEFAULT_CONFIG)

/** Virtual servers, then what leads to them: `bind` where the address is made local. */
const linesOf = ({state}: CompiledService): readonly string[] => [
	...(state?.listeners ?? []).map(
		({state: {server, realServers}}) =>
			`${server.key} ${server.scheduler}${server.persistence ? ' persistent' : ''} -> ${[...realServers.keys()].join(' ')}`,
	),
	...(state?.spans ?? []).map(
		span =>
			`${formatSpan(span)}${span.isBound ? ' bind' : ''} =>${span.marks.map(({set, suffix}) => ` ${set}${suffix}`).join()}`,
	),
	...(state?.members ?? []).map(({set, entry}) => `${set} ${entry}`),
]

const CLUSTER = 'firewall-mark ipv4 0x380000a'
const MASK = '0xfff3fff'
const TO_CLUSTER = `KUBE-LVS-MARK skbmark 0x380000a/${MASK}`
const TO_EXTERNAL = `KUBE-LVS-MARK skbmark 0x3c0000a/${MASK}`
const HTTP = 'KUBE-LOOP-BACK 10.244.1.5,tcp:80,10.244.1.5'
const HAIRPIN = [HTTP, 'KUBE-LOOP-BACK 10.244.1.5,tcp:443,10.244.1.5']
const RANGE_HAIRPIN = [HTTP, 'KUBE-LVS-LOOP-BACK 10.244.1.5']
const ALL = '10.244.1.5:0 10.244.2.5:0'
const CLUSTER_IP = [`tcp 10.96.0.10:80 bind => ${TO_CLUSTER}`, `tcp 10.96.0.10:443 bind => ${TO_CLUSTER}`]

interface Case {
	readonly title: string
	readonly service: Service
	readonly slices?: readonly EndpointSlice[]
	readonly node?: NodeContext
	readonly expected: readonly string[]
	readonly problems?: readonly string[]
}

const LB = {type: 'LoadBalancer', loadBalancerIPs: [address('203.0.113.5')]} as const

const CASES: readonly Case[] = [
	{
		title: 'all ports lead to one virtual server',
		service: annotated({'group-ports': 'true'}),
		expected: [`${CLUSTER} rr -> ${ALL}`, ...CLUSTER_IP, ...HAIRPIN],
	},
	{
		title: 'affinity is persistence of the kernel, across the ports',
		service: annotated({'group-ports': 'true'}, {affinitySeconds: 600}),
		expected: [`${CLUSTER} rr persistent -> ${ALL}`, ...CLUSTER_IP, ...HAIRPIN],
	},
	{
		title: 'what is not to be grouped is not',
		service: annotated({'group-ports': 'false'}, {ports: [servicePort({port: 80})]}),
		slices: [slice('a', ['10.244.2.5'], {ports: [{name: 'p', protocol: 'tcp', port: 80}]})],
		expected: ['tcp 10.96.0.10:80 rr -> 10.244.2.5:80'],
	},
	{
		title: 'there is nothing to go to',
		service: annotated({'group-ports': 'true'}),
		slices: [],
		expected: [`${CLUSTER} rr -> `, ...CLUSTER_IP],
	},
	{
		title: 'externalTrafficPolicy Local: clients outside have a virtual server of their own',
		service: annotated({'group-ports': 'true'}, {...LB, externalTrafficPolicy: 'Local'}),
		expected: [
			'firewall-mark ipv4 0x3c0000a rr -> 10.244.1.5:0',
			`${CLUSTER} rr -> ${ALL}`,
			CLUSTER_IP[0] ?? '',
			`tcp 203.0.113.5:80 bind => ${TO_EXTERNAL}`,
			CLUSTER_IP[1] ?? '',
			`tcp 203.0.113.5:443 bind => ${TO_EXTERNAL}`,
			...HAIRPIN,
		],
	},
	{
		title: 'internalTrafficPolicy Local: so have those of the ClusterIP',
		service: annotated({'group-ports': 'true'}, {internalTrafficPolicy: 'Local'}),
		expected: [
			'firewall-mark ipv4 0xb80000a rr -> 10.244.1.5:0',
			`tcp 10.96.0.10:80 bind => KUBE-LVS-MARK skbmark 0xb80000a/${MASK}`,
			`tcp 10.96.0.10:443 bind => KUBE-LVS-MARK skbmark 0xb80000a/${MASK}`,
			...HAIRPIN,
		],
	},
	{
		title: 'node ports have virtual servers of their own',
		service: annotated(
			{'group-ports': 'true'},
			{type: 'NodePort', ports: [servicePort({name: 'http', port: 80, nodePort: 30_080}), WEB[1] ?? servicePort()]},
		),
		expected: [
			`${CLUSTER} rr -> ${ALL}`,
			'tcp 192.0.2.10:30080 rr -> 10.244.1.5:80 10.244.2.5:80',
			...CLUSTER_IP,
			...HAIRPIN,
			HTTP,
		],
	},
	{
		title: 'source ranges are those of each port',
		service: annotated(
			{'group-ports': 'true'},
			{
				...LB,
				ports: WEB.slice(0, 1),
				loadBalancerSourceRanges: ['198.51.100.0/24'].flatMap(text => parsePrefix(text) ?? []),
			},
		),
		expected: [
			`${CLUSTER} rr -> ${ALL}`,
			CLUSTER_IP[0] ?? '',
			`tcp 203.0.113.5:80 bind => ${TO_CLUSTER}, KUBE-LOAD-BALANCER-FW, KUBE-LOAD-BALANCER-SOURCE-CIDR,198.51.100.0/24`,
			HTTP,
		],
	},
	{
		title: 'a range of ports is one more row of them',
		service: annotated({'port-range': 'udp:10000-10999, tcp:5060'}, {ports: WEB.slice(0, 1)}),
		expected: [
			`${CLUSTER} rr -> ${ALL}`,
			CLUSTER_IP[0] ?? '',
			`udp 10.96.0.10 10000-10999 bind => ${TO_CLUSTER}`,
			`tcp 10.96.0.10:5060 bind => ${TO_CLUSTER}`,
			...RANGE_HAIRPIN,
		],
	},
	{
		title: 'a whole address is one element of another set; not one of this node, nor one with source ranges',
		service: annotated(
			{'port-range': 'all'},
			{
				...LB,
				externalIPs: [address('192.0.2.10')],
				ports: WEB.slice(0, 1),
				loadBalancerSourceRanges: ['198.51.100.0/24'].flatMap(text => parsePrefix(text) ?? []),
			},
		),
		expected: [
			`${CLUSTER} rr -> ${ALL}`,
			CLUSTER_IP[0] ?? '',
			`tcp 192.0.2.10:80 => ${TO_CLUSTER}`,
			`tcp 203.0.113.5:80 bind => ${TO_CLUSTER}, KUBE-LOAD-BALANCER-FW, KUBE-LOAD-BALANCER-SOURCE-CIDR,198.51.100.0/24`,
			`10.96.0.10 bind => KUBE-LVS-MARK-IP skbmark 0x380000a/${MASK}`,
			...RANGE_HAIRPIN,
		],
		problems: [
			'Service ns/s: metadata.annotations[kube-lvs.io/port-range]: "all" is ignored: 192.0.2.10 is an address of this node, which answers there itself; it has spec.ports alone (AnnotationIgnored)',
			'Service ns/s: metadata.annotations[kube-lvs.io/port-range]: "all" is ignored: 203.0.113.5 has loadBalancerSourceRanges; it has spec.ports alone (AnnotationIgnored)',
		],
	},
	{
		title: 'where an API server answers, a range leaves the address alone',
		service: annotated({'port-range': 'tcp:6000-7000'}, {ports: WEB.slice(0, 1), externalIPs: [address('192.0.2.10')]}),
		node: nodeContext({apiServers: [{address: address('192.0.2.10'), port: 6443}]}),
		expected: [
			`${CLUSTER} rr -> ${ALL}`,
			CLUSTER_IP[0] ?? '',
			`tcp 192.0.2.10:80 => ${TO_CLUSTER}`,
			`tcp 10.96.0.10 6000-7000 bind => ${TO_CLUSTER}`,
			...RANGE_HAIRPIN,
		],
		problems: [
			'Service ns/s: metadata.annotations[kube-lvs.io/port-range]: "tcp:6000-7000" is ignored: 192.0.2.10 is where an API server answers on one of these ports; it has spec.ports alone (AnnotationIgnored)',
		],
	},
	{
		title: 'on an address of this node a range leaves the ports alone from which the node connects',
		service: annotated(
			{'port-range': 'udp:32000-33000'},
			{ports: WEB.slice(0, 1), externalIPs: [address('192.0.2.10')]},
		),
		expected: [
			`${CLUSTER} rr -> ${ALL}`,
			CLUSTER_IP[0] ?? '',
			`tcp 192.0.2.10:80 => ${TO_CLUSTER}`,
			`udp 10.96.0.10 32000-33000 bind => ${TO_CLUSTER}`,
			...RANGE_HAIRPIN,
		],
		problems: [
			'Service ns/s: metadata.annotations[kube-lvs.io/port-range]: "udp:32000-33000" is ignored: 192.0.2.10 is an address of this node, whose own connections come from ports from 32768 on; it has spec.ports alone (AnnotationIgnored)',
		],
	},
	{
		title: 'below them it has the range',
		service: annotated(
			{'port-range': 'udp:10000-10999'},
			{ports: WEB.slice(0, 1), externalIPs: [address('192.0.2.10')]},
		),
		expected: [
			`${CLUSTER} rr -> ${ALL}`,
			CLUSTER_IP[0] ?? '',
			`tcp 192.0.2.10:80 => ${TO_CLUSTER}`,
			`udp 10.96.0.10 10000-10999 bind => ${TO_CLUSTER}`,
			`udp 192.0.2.10 10000-10999 => ${TO_CLUSTER}`,
			...RANGE_HAIRPIN,
		],
	},
	{
		title: 'a range with more source ranges than fit into memory is left out at that address',
		service: annotated(
			{'port-range': 'udp:10000-26383'},
			{
				...LB,
				ports: WEB.slice(0, 1),
				loadBalancerSourceRanges: [1, 2, 3, 4, 5].flatMap(at => parsePrefix(`198.51.${at}.0/24`) ?? []),
			},
		),
		expected: [
			`${CLUSTER} rr -> ${ALL}`,
			CLUSTER_IP[0] ?? '',
			`tcp 203.0.113.5:80 bind => ${TO_CLUSTER}, KUBE-LOAD-BALANCER-FW, ${[1, 2, 3, 4, 5].map(at => `KUBE-LOAD-BALANCER-SOURCE-CIDR,198.51.${at}.0/24`).join(', ')}`,
			`udp 10.96.0.10 10000-26383 bind => ${TO_CLUSTER}`,
			...RANGE_HAIRPIN,
		],
		problems: [
			'Service ns/s: metadata.annotations[kube-lvs.io/port-range]: "udp:10000-26383" is ignored: 203.0.113.5 needs 131072 members of sets, and 114688 of 131072 are left for the Service; it has spec.ports alone (AnnotationIgnored)',
		],
	},
	{
		title: 'a target port of another number: each port on its own',
		service: annotated({'group-ports': 'true'}, {ports: [servicePort()]}),
		slices: [slice('a', ['10.244.2.5'])],
		expected: ['tcp 10.96.0.10:80 rr -> 10.244.2.5:8080'],
		problems: [
			'Service ns/s: metadata.annotations[kube-lvs.io/group-ports]: "true" is ignored: 10.244.2.5 serves port p (80) as 8080, and targetPort must be the same number as port (AnnotationIgnored)',
		],
	},
	{
		title: 'an endpoint that serves some ports only gets nobody; one is as ready as its least ready port',
		service: annotated({'group-ports': 'true'}),
		slices: [
			slice('a', ['10.244.2.5', '10.244.2.6'], {ports: SLICE_PORTS.slice(0, 1)}),
			slice('b', [endpoint('10.244.2.5', {ready: false}), '10.244.2.7'], {ports: SLICE_PORTS.slice(1)}),
			slice('c', ['10.244.2.8'], {ports: SLICE_PORTS}),
		],
		expected: [`${CLUSTER} rr -> 10.244.2.8:0`, ...CLUSTER_IP],
		problems: [
			'Service ns/s: metadata.annotations[kube-lvs.io/group-ports]: "true" is ignored: for 10.244.2.6, 10.244.2.7: to be one of a group an endpoint has to serve every port of the Service (AnnotationIgnored)',
		],
	},
]

describe('ports of a Service as a group', () => {
	for (const {title, expected, problems = [], ...given} of CASES) {
		it(title, () => {
			const compiled = compile(given.service, given.slices, given.node)
			expect(linesOf(compiled)).to.deep.equal(expected)
			expect(compiled.problems.map(formatProblem)).to.deep.equal(problems)
		})
	}

	it('name a few of many endpoints that serve some ports only', () => {
		const addresses = Array.from({length: 300}, (_, at) => `10.244.${100 + (at >> 8)}.${at % 256}`)
		const {problems} = compile(annotated({'group-ports': 'true'}), [
			slice('a', addresses, {ports: SLICE_PORTS.slice(0, 1)}),
		])
		expect(problems.map(({message}) => message)).to.deep.equal([
			'"true" is ignored: for 10.244.100.0, 10.244.100.1, 10.244.100.10, 10.244.100.100, 10.244.100.101 and 295 more: to be one of a group an endpoint has to serve every port of the Service',
		])
	})

	it('are one for each family, by the last 20 bits of its ClusterIP', () => {
		const {state} = compile(
			annotated({'group-ports': 'true'}, {clusterIPs: [address('10.111.255.255'), address('fd00:96::f:1234')]}),
		)
		expect(state?.listeners.map(({state}) => state.server.key)).to.deep.equal([
			'firewall-mark ipv4 0x3bf3fff',
			'firewall-mark ipv6 0x3bc1234',
		])
	})

	it('know one packet for each UDP client where they are all for UDP, and otherwise do not', () => {
		const flagsOf = (range: string) =>
			compile(
				annotated(
					{'port-range': range, 'one-packet': 'true', 'persistence-engine': 'sip', 'persistence-timeout': '1m'},
					{ports: [servicePort({name: 'sip', protocol: 'udp', port: 5060})]},
				),
				[],
			).state?.listeners.map(({state: {server}}) => [server.flags.join(), server.persistence?.engine])
		expect(flagsOf('udp:10000-10001')).to.deep.equal([['one-packet', 'sip']])
		expect(flagsOf('tcp:10000-10001')).to.deep.equal([['', undefined]])
		expect(flagsOf('all')).to.deep.equal([['', undefined]])
	})
})
