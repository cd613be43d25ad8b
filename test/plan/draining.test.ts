import {expect} from 'chai'
import {formatOperation} from '../../src/plan/format-operation.ts'
import {drainingAmong} from '../../src/plan/ipvs.ts'
import type {Counters, RealServer} from '../../src/state/ipvs.ts'
import {address, realServer, serverState, virtualServer} from '../state/build.ts'
import {framedKernel, planWhole, wanted} from './build.ts'

const [A, B] = ['10.244.1.5:80', '10.244.2.5:80'] as const

interface Case {
	readonly title: string
	readonly protocol: 'tcp' | 'udp' | 'sctp'
	/** Real servers in the kernel, with their connections; wanted is A alone. */
	readonly has: readonly (readonly [realServer: RealServer, active: number, inactive: number])[]
	readonly expected: readonly string[]
}

const A_STAYS = [realServer(A), 5, 5] as const

const CASES: readonly Case[] = [
	{
		title: 'a TCP real server that goes is drained, even when it is idle: a connection may be on its way',
		protocol: 'tcp',
		has: [A_STAYS, [realServer(B), 0, 0]],
		expected: [`drain-real-server tcp 10.96.0.10:80 -> ${B}`],
	},
	{
		title: 'with weight 0 and active connections it stays',
		protocol: 'tcp',
		has: [A_STAYS, [realServer(B, {weight: 0}), 1, 0]],
		expected: [],
	},
	{
		title: 'with weight 0 and inactive connections it stays',
		protocol: 'tcp',
		has: [A_STAYS, [realServer(B, {weight: 0}), 0, 1]],
		expected: [],
	},
	{
		title: 'with weight 0 and no connection it goes',
		protocol: 'tcp',
		has: [A_STAYS, [realServer(B, {weight: 0}), 0, 0]],
		expected: [`delete-real-server tcp 10.96.0.10:80 -> ${B}`],
	},
	{
		title: 'one that comes back while draining gets its weight back',
		protocol: 'tcp',
		has: [[realServer(A, {weight: 0}), 7, 7]],
		expected: [`update-real-server tcp 10.96.0.10:80 -> ${A} weight 1`],
	},
	...(['udp', 'sctp'] as const).map(
		(protocol): Case => ({
			title: `a ${protocol} real server goes at once, and its flows after it`,
			protocol,
			has: [A_STAYS, [realServer(B), 3, 3]],
			expected: [
				`delete-real-server ${protocol} 10.96.0.10:80 -> ${B}`,
				`delete-flows ${protocol} 10.96.0.10 80 but to ${protocol === 'sctp' ? '10.244.1.5' : A}`,
			],
		}),
	),
]

describe('draining', () => {
	for (const {title, protocol, has, expected} of CASES) {
		it(title, () => {
			const server = virtualServer(`${protocol} 10.96.0.10:80`)
			const counters = new Map<string, Counters>(
				has.map(([{key}, activeConnections, inactiveConnections]) => [key, {activeConnections, inactiveConnections}]),
			)
			const actual = framedKernel({
				servers: [
					serverState(
						server,
						has.map(([real]) => real),
					),
				],
				counters: new Map([[server.key, counters]]),
				members: {'KUBE-CLUSTER-IP': [`10.96.0.10,${protocol}:80`]},
			})
			const want = wanted({
				servers: [serverState(server, [A])],
				members: {'KUBE-CLUSTER-IP': [`10.96.0.10,${protocol}:80`]},
			})
			expect(planWhole(want, actual).map(formatOperation)).to.deep.equal(expected)
		})
	}

	it('does not delete a real server whose connections are not known', () => {
		const server = virtualServer('tcp 10.96.0.10:80')
		const actual = framedKernel({servers: [serverState(server, [realServer(B, {weight: 0})])]})
		expect(planWhole(wanted({servers: [serverState(server)]}), actual).map(({kind}) => kind)).to.deep.equal([])
	})

	it('goes on in the virtual servers that have more than they should', () => {
		const [busy, calm] = [virtualServer('tcp 10.96.0.10:80'), virtualServer('tcp 10.96.0.11:80')]
		const actual = framedKernel({servers: [serverState(busy, [A, B]), serverState(calm, [A])]})
		const want = wanted({servers: [serverState(busy, [A]), serverState(calm, [A, B])]})
		expect(drainingAmong([busy.key, calm.key, 'tcp 10.96.0.12:80'], want, actual)).to.deep.equal(new Set([busy.key]))
	})

	it('goes on in a virtual server that could not be deleted, whatever it still has', () => {
		const server = virtualServer('tcp 10.96.0.10:80')
		const actual = framedKernel({servers: [serverState(server, [])]})
		expect(drainingAmong([server.key], wanted({}), actual)).to.deep.equal(new Set([server.key]))
		expect(drainingAmong([server.key], wanted({servers: [serverState(server)]}), actual)).to.deep.equal(new Set())
	})

	const udp = virtualServer('udp 10.96.0.10:80')
	const draining = (servers: readonly RealServer[], counters: Readonly<Record<string, Counters>> = {}) => {
		const actual = framedKernel({
			servers: [serverState(udp, servers)],
			counters: new Map([[udp.key, new Map(Object.entries(counters))]]),
		})
		const flows = {
			destinations: [{protocol: 'udp' as const, address: address('10.96.0.10'), port: 80}],
			serving: new Set<string>(),
		}
		const want = wanted({servers: [{...serverState(udp, [A]), flows, drainsUDP: true}]})
		return planWhole(want, actual).map(formatOperation)
	}
	const IDLE = {activeConnections: 0, inactiveConnections: 0}

	it('is what UDP real servers do, too, where the Service says so; their flows stay', () => {
		expect(draining([realServer(A), realServer(B)])).to.deep.equal([`drain-real-server udp 10.96.0.10:80 -> ${B}`])
		const busy = {[B]: {activeConnections: 0, inactiveConnections: 3}}
		expect(draining([realServer(A), realServer(B, {weight: 0})], busy)).to.deep.equal([])
	})

	it('ends for them when no client is left, and so do their flows, but not those of others that drain', () => {
		const C = '10.244.2.6:80'
		const servers = [realServer(A), realServer(B, {weight: 0}), realServer(C, {weight: 0})]
		expect(draining(servers, {[B]: IDLE, [C]: {...IDLE, inactiveConnections: 1}})).to.deep.equal([
			`delete-real-server udp 10.96.0.10:80 -> ${B}`,
			`delete-flows udp 10.96.0.10 80 but to ${A}, ${C}`,
		])
	})
})
