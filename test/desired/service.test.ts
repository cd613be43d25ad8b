import {expect} from 'chai'
import {type Config, DEFAULT_CONFIG} from '../../src/config/fields.ts'
import {compileService} from '../../src/desired/service.ts'
import type {EndpointSlice} from '../../src/model/endpoint-slice.ts'
import type {NodeContext} from '../../src/model/node-context.ts'
import type {Service} from '../../src/model/service.ts'
import type {ServiceState} from '../../src/state/service-state.ts'
import {endpoint, nodeContext, service, servicePort, slice} from '../model/build.ts'
import {address} from '../state/build.ts'

const [LOCAL, REMOTE] = ['10.244.1.5', '10.244.2.5'] as const
const BASE = [slice('a', [LOCAL, REMOTE])]
const V6 = slice('b', ['fd00:244:1::5'], {family: 'ipv6'})

const compile = (
	given: Service,
	slices: readonly EndpointSlice[] = BASE,
	node: NodeContext = nodeContext(),
	config: Config = DEFAULT_CONFIG,
): ServiceState | undefined => compileService(given, slices, node, config).state

/** The state as lines: `serve` for a virtual server, `bind` for a VIP, `member` for an entry, with its set. */
const linesOf = (state: ServiceState | undefined): readonly string[] => {
	const members = (list: ServiceState['members']) =>
		list.map(({set, entry}) => `member ${set.replace('KUBE-', '')} ${entry}`)
	return (state?.listeners ?? [])
		.flatMap(({state, vip, members: own}) => [
			`serve ${state.server.key} ${state.server.scheduler} -> ${[...state.realServers.keys()].join(' ')}`.trim(),
			...(vip === undefined ? [] : [`bind ${vip}`]),
			...members(own),
		])
		.concat(members(state?.members ?? []))
}

const TARGETS = '10.244.1.5:8080 10.244.2.5:8080'
const CLUSTER_IP = [
	`serve tcp 10.96.0.10:80 rr -> ${TARGETS}`,
	'bind 10.96.0.10',
	'member CLUSTER-IP 10.96.0.10,tcp:80',
	'member IPVS-IPS 10.96.0.10',
]
const HAIRPIN = ['member LOOP-BACK 10.244.1.5,tcp:8080,10.244.1.5']

interface Case {
	readonly title: string
	readonly service: Service
	readonly slices?: readonly EndpointSlice[]
	readonly node?: NodeContext
	readonly config?: Partial<Config>
	readonly expected: readonly string[]
}

const CASES: readonly Case[] = [
	{title: 'D1: a ClusterIP', service: service(), expected: [...CLUSTER_IP, ...HAIRPIN]},
	{
		title: 'D2: an IPv6 ClusterIP',
		service: service({clusterIPs: [address('fd00:96::a')]}),
		slices: [V6],
		expected: [
			'serve tcp [fd00:96::a]:80 rr -> [fd00:244:1::5]:8080',
			'bind fd00:96::a',
			'member 6-CLUSTER-IP fd00:96::a,tcp:80',
			'member 6-IPVS-IPS fd00:96::a',
			'member 6-LOOP-BACK fd00:244:1::5,tcp:8080,fd00:244:1::5',
		],
	},
	{
		title: 'A5: both families, each with its own endpoints',
		service: service({clusterIPs: [address('fd00:96::a'), address('10.96.0.10')]}),
		slices: [...BASE, V6],
		expected: [
			...CLUSTER_IP,
			'serve tcp [fd00:96::a]:80 rr -> [fd00:244:1::5]:8080',
			'bind fd00:96::a',
			'member 6-CLUSTER-IP fd00:96::a,tcp:80',
			'member 6-IPVS-IPS fd00:96::a',
			...HAIRPIN,
			'member 6-LOOP-BACK fd00:244:1::5,tcp:8080,fd00:244:1::5',
		],
	},
	{
		title: 'a family that the node does not serve: nothing of it',
		service: service({clusterIPs: [address('10.96.0.10'), address('fd00:96::a')]}),
		slices: [...BASE, V6],
		node: nodeContext({families: ['ipv4']}),
		expected: [...CLUSTER_IP, ...HAIRPIN],
	},
	{
		title: 'D3: no endpoints: served and bound all the same',
		service: service(),
		slices: [],
		expected: ['serve tcp 10.96.0.10:80 rr ->', ...CLUSTER_IP.slice(1)],
	},
	{
		title: 'D4: a local endpoint that is not ready: no real server, but a hairpin member',
		service: service(),
		slices: [slice('a', [endpoint(LOCAL, {ready: false}), REMOTE])],
		expected: ['serve tcp 10.96.0.10:80 rr -> 10.244.2.5:8080', ...CLUSTER_IP.slice(1), ...HAIRPIN],
	},
	{
		title: 'D5: an external IP',
		service: service({externalIPs: [address('203.0.113.7')]}),
		expected: [
			...CLUSTER_IP,
			`serve tcp 203.0.113.7:80 rr -> ${TARGETS}`,
			'bind 203.0.113.7',
			'member EXTERNAL-IP 203.0.113.7,tcp:80',
			'member IPVS-IPS 203.0.113.7',
			...HAIRPIN,
		],
	},
	{
		title: 'D7: an external IP that the node has anyway: served, not bound',
		service: service({externalIPs: [address('192.0.2.10')]}),
		expected: [
			...CLUSTER_IP,
			`serve tcp 192.0.2.10:80 rr -> ${TARGETS}`,
			'member EXTERNAL-IP 192.0.2.10,tcp:80',
			...HAIRPIN,
		],
	},
	{
		title: 'D8: an external IP of a family without a ClusterIP: nothing',
		service: service({externalIPs: [address('2001:db8:f::7')]}),
		expected: [...CLUSTER_IP, ...HAIRPIN],
	},
	{
		title: 'D10: a load balancer with a node port',
		service: service({
			type: 'LoadBalancer',
			loadBalancerIPs: [address('203.0.113.5')],
			ports: [servicePort({nodePort: 30_080})],
		}),
		expected: [
			...CLUSTER_IP,
			`serve tcp 203.0.113.5:80 rr -> ${TARGETS}`,
			'bind 203.0.113.5',
			'member LOAD-BALANCER 203.0.113.5,tcp:80',
			'member IPVS-IPS 203.0.113.5',
			`serve tcp 192.0.2.10:30080 rr -> ${TARGETS}`,
			'member NODE-PORT-TCP 30080',
			...HAIRPIN,
		],
	},
	{
		title: 'one address as external IP and load-balancer IP: one virtual server, the members of both',
		service: service({externalIPs: [address('203.0.113.5')], loadBalancerIPs: [address('203.0.113.5')]}),
		expected: [
			...CLUSTER_IP,
			`serve tcp 203.0.113.5:80 rr -> ${TARGETS}`,
			'bind 203.0.113.5',
			'member EXTERNAL-IP 203.0.113.5,tcp:80',
			'member IPVS-IPS 203.0.113.5',
			'member LOAD-BALANCER 203.0.113.5,tcp:80',
			'member IPVS-IPS 203.0.113.5',
			...HAIRPIN,
		],
	},
	...(['udp', 'sctp'] as const).map(
		(protocol): Case => ({
			title: `a node port over ${protocol}`,
			service: service({type: 'NodePort', ports: [servicePort({protocol, nodePort: 30_053})]}),
			slices: [],
			expected: [
				`serve ${protocol} 10.96.0.10:80 rr ->`,
				'bind 10.96.0.10',
				`member CLUSTER-IP 10.96.0.10,${protocol}:80`,
				'member IPVS-IPS 10.96.0.10',
				`serve ${protocol} 192.0.2.10:30053 rr ->`,
				protocol === 'udp' ? 'member NODE-PORT-UDP 30053' : 'member NODE-PORT-SCTP-HASH 192.0.2.10,sctp:30053',
			],
		}),
	),
	{
		title: 'a node port where the node serves none',
		service: service({type: 'NodePort', ports: [servicePort({nodePort: 30_080})]}),
		node: nodeContext({nodePortAddresses: []}),
		expected: [...CLUSTER_IP, ...HAIRPIN],
	},
	{
		title: 'A7: a second port: the VIP is the same',
		service: service({ports: [servicePort(), servicePort({name: 'q', protocol: 'udp', port: 81})]}),
		expected: [
			...CLUSTER_IP,
			'serve udp 10.96.0.10:81 rr ->',
			'bind 10.96.0.10',
			'member CLUSTER-IP 10.96.0.10,udp:81',
			'member IPVS-IPS 10.96.0.10',
			...HAIRPIN,
		],
	},
	{
		title: 'another scheduler',
		service: service(),
		config: {scheduler: 'lc'},
		expected: [`serve tcp 10.96.0.10:80 lc -> ${TARGETS}`, ...CLUSTER_IP.slice(1), ...HAIRPIN],
	},
	{
		title: 'a node without a name: no endpoint is local',
		service: service(),
		slices: [slice('a', [endpoint(LOCAL, {nodeName: ''})])],
		node: nodeContext({name: ''}),
		expected: ['serve tcp 10.96.0.10:80 rr -> 10.244.1.5:8080', ...CLUSTER_IP.slice(1)],
	},
]

describe('what one Service asks for', () => {
	for (const {title, service, slices = BASE, node = nodeContext(), config, expected} of CASES) {
		it(title, () => {
			expect(linesOf(compile(service, slices, node, {...DEFAULT_CONFIG, ...config}))).to.deep.equal(expected)
		})
	}

	for (const [title, given] of [
		['A1: is nothing when it is headless', service({clusterIPs: []})],
		['A2: is nothing when it is an ExternalName, even with a ClusterIP', service({type: 'ExternalName'})],
		['A3: is nothing when another proxy serves it', service({proxyName: ''})],
	] as const) {
		it(title, () => {
			expect(compile(given)).to.equal(undefined)
		})
	}

	it('names its owner and age', () => {
		expect(compile(service())?.owner).to.deep.equal({key: 'ns/s', createdAt: 1000})
	})

	it('does not depend on the order of its slices', () => {
		const slices = [slice('a', [LOCAL]), slice('b', [REMOTE])]
		expect(linesOf(compile(service(), slices))).to.deep.equal(linesOf(compile(service(), slices.toReversed())))
	})

	it('serves a ClusterIP that is an address of this node, and does not bind or guard it', () => {
		const state = compile(service({clusterIPs: [address('192.0.2.10')]}))
		expect(linesOf(state)).to.include('member CLUSTER-IP 192.0.2.10,tcp:80')
		expect(linesOf(state)).to.not.include('bind 192.0.2.10')
		expect(linesOf(state)).to.not.include('member IPVS-IPS 192.0.2.10')
	})
})
