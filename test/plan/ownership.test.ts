import {expect} from 'chai'
import {parsePrefix} from '../../src/net/prefix.ts'
import {makeCleanupPlan} from '../../src/plan/cleanup.ts'
import {formatOperation} from '../../src/plan/format-operation.ts'
import {isOurs} from '../../src/plan/ownership.ts'
import {wholeScope} from '../../src/plan/scope.ts'
import type {VirtualServer} from '../../src/state/ipvs.ts'
import {encodeMark} from '../../src/state/mark.ts'
import type {FixedState} from '../../src/state/node-state.ts'
import {address, serverState, virtualServer, withKey} from '../state/build.ts'
import {emptyKernel, FIXED, framedKernel, wanted} from './build.ts'

interface Case {
	readonly title: string
	readonly server: VirtualServer
	readonly isBound?: boolean
	readonly members?: Readonly<Record<string, readonly string[]>>
	readonly excluded?: readonly string[]
	readonly networks?: readonly string[]
	readonly expected: boolean
}

const CASES: readonly Case[] = [
	{title: 'a VIP on our device', server: virtualServer('tcp 10.96.0.10:80'), isBound: true, expected: true},
	{title: 'nothing of ours', server: virtualServer('tcp 10.96.0.10:80'), expected: false},
	...['KUBE-CLUSTER-IP', 'KUBE-EXTERNAL-IP', 'KUBE-EXTERNAL-IP-LOCAL', 'KUBE-LOAD-BALANCER'].map(
		(set): Case => ({
			title: `a member of ${set}`,
			server: virtualServer('tcp 10.96.0.10:80'),
			members: {[set]: ['10.96.0.10,tcp:80']},
			expected: true,
		}),
	),
	{
		title: 'a member of an IPv6 set',
		server: virtualServer('udp [fd00:96::a]:53'),
		members: {'KUBE-6-CLUSTER-IP': ['fd00:96::a,udp:53']},
		expected: true,
	},
	{
		title: 'a member with another protocol',
		server: virtualServer('udp 10.96.0.10:80'),
		members: {'KUBE-CLUSTER-IP': ['10.96.0.10,tcp:80']},
		expected: false,
	},
	{
		title: 'a member with another port',
		server: virtualServer('tcp 10.96.0.10:81'),
		members: {'KUBE-CLUSTER-IP': ['10.96.0.10,tcp:80']},
		expected: false,
	},
	{
		title: 'a node address with a node port of ours',
		server: virtualServer('tcp 192.0.2.10:30080'),
		members: {'KUBE-NODE-PORT-TCP': ['30080']},
		expected: true,
	},
	{
		title: 'a node address with a local node port of ours',
		server: virtualServer('udp 192.0.2.10:30053'),
		members: {'KUBE-NODE-PORT-LOCAL-UDP': ['30053']},
		expected: true,
	},
	{
		title: 'a node address with an SCTP node port of ours',
		server: virtualServer('sctp 192.0.2.10:30080'),
		members: {'KUBE-NODE-PORT-SCTP-HASH': ['192.0.2.10,sctp:30080']},
		expected: true,
	},
	{
		title: 'a node address with another port',
		server: virtualServer('tcp 192.0.2.10:8080'),
		members: {'KUBE-NODE-PORT-TCP': ['30080']},
		expected: false,
	},
	{
		title: 'a node port of ours on an address that the node has lost',
		server: virtualServer('tcp 198.51.100.1:30080'),
		members: {'KUBE-NODE-PORT-TCP': ['30080']},
		expected: true,
	},
	{
		title: 'a node port of ours on an excluded address',
		server: virtualServer('tcp 198.51.100.1:30080'),
		members: {'KUBE-NODE-PORT-TCP': ['30080']},
		excluded: ['198.51.100.0/24'],
		expected: false,
	},
	{
		title: 'a node port of another protocol',
		server: virtualServer('udp 192.0.2.10:30080'),
		members: {'KUBE-NODE-PORT-TCP': ['30080']},
		expected: false,
	},
	{
		title: 'a bound VIP in an excluded network',
		server: virtualServer('tcp 10.96.0.10:80'),
		isBound: true,
		excluded: ['10.96.0.0/24'],
		expected: false,
	},
	{
		title: 'a bound VIP beside an excluded network',
		server: virtualServer('tcp 10.96.0.10:80'),
		isBound: true,
		excluded: ['10.97.0.0/24', 'fd00::/8'],
		expected: true,
	},
	{
		title: 'a firewall mark',
		server: withKey({kind: 'firewall-mark', family: 'ipv4', mark: 0x1001}),
		expected: false,
	},
	{
		title: 'a firewall mark of ours',
		server: withKey({
			kind: 'firewall-mark',
			family: 'ipv4',
			mark: encodeMark({kind: 'inside', protocol: 'tcp', isHashed: false, number: 30080}, 14),
		}),
		expected: true,
	},
	{
		title: 'a firewall mark of ours from before masqueradeBit was changed',
		server: withKey({
			kind: 'firewall-mark',
			family: 'ipv6',
			mark: encodeMark({kind: 'inside', protocol: 'udp', isHashed: true, number: 0xfffff}, 17),
		}),
		expected: true,
	},
	{
		title: 'a firewall mark with a higher bit',
		server: withKey({kind: 'firewall-mark', family: 'ipv4', mark: 0x6000001}),
		expected: false,
	},
	{
		title: 'an address in a Service network',
		server: virtualServer('tcp 10.96.9.9:80'),
		networks: ['10.96.0.0/16'],
		expected: true,
	},
	{
		title: 'an address in a Service network that is excluded',
		server: virtualServer('tcp 10.96.9.9:80'),
		networks: ['10.96.0.0/16'],
		excluded: ['10.96.9.0/24'],
		expected: false,
	},
]

const kernelOf = ({server, isBound, members}: Case) =>
	framedKernel({
		servers: [serverState(server)],
		bindings: new Map(isBound && server.listen.kind === 'address' ? [[server.listen.address, 'address' as const]] : []),
		...(members ? {members} : {}),
		hostAddresses: [address('192.0.2.10')],
	})

const fixedFor = ({excluded = [], networks = []}: Case): FixedState => {
	const parse = (texts: readonly string[]) => texts.map(text => parsePrefix(text) ?? expect.fail(text))
	return {...FIXED, claims: {...FIXED.claims, excluded: parse(excluded), serviceNetworks: parse(networks)}}
}

describe('what is ours', () => {
	for (const test of CASES) {
		it(`${test.expected ? 'is' : 'is not'} a virtual server with ${test.title}`, () => {
			expect(isOurs(test.server, kernelOf(test), fixedFor(test).claims)).to.equal(test.expected)
		})

		it(`and ${test.expected ? 'nothing else' : 'never this'} is looked at or cleaned up: ${test.title}`, () => {
			const actual = kernelOf(test)
			const scope = wholeScope(wanted({fixed: fixedFor(test)}), actual)
			expect(scope.virtualServers.has(test.server.key)).to.equal(test.expected)
			const lines = makeCleanupPlan(fixedFor(test), actual).map(formatOperation)
			expect(lines.includes(`delete-virtual-server ${test.server.key}`)).to.equal(test.expected)
		})
	}

	it('is removed from an untouched kernel by doing nothing', () => {
		expect(makeCleanupPlan(FIXED, emptyKernel())).to.deep.equal([])
	})
})
