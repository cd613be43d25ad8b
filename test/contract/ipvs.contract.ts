import {expect} from 'chai'
import {IpvsClient} from '../../src/kernel/ipvs/client.ts'
import {probeScheduler} from '../../src/kernel/ipvs/probe-scheduler.ts'
import {tryOut} from '../../src/kernel/ipvs/trial.ts'
import type {MessageResult} from '../../src/kernel/netlink/batch.ts'
import type {IpvsOperation} from '../../src/plan/operation.ts'
import type {VirtualServer} from '../../src/state/ipvs.ts'
import {realServer, serverState, virtualServer, withKey} from '../state/build.ts'
import {describeContract, type OpenDoors} from './bench.ts'
import {readBothWays} from './read-both-ways.ts'

const [ENOENT, ESRCH, EEXIST] = [2, 3, 17]

const SERVERS: readonly (readonly [title: string, server: VirtualServer, realServer: string])[] = [
	...(['tcp', 'udp', 'sctp'] as const).flatMap(
		protocol =>
			[
				[`${protocol} over IPv4`, virtualServer(`${protocol} 10.96.0.10:80`), '10.244.1.5:8080'],
				[`${protocol} over IPv6`, virtualServer(`${protocol} [fd00:96::a]:80`), '[fd00:244::5]:8080'],
			] as const,
	),
	[
		'persistence of single clients',
		virtualServer('tcp 10.96.0.11:80', {persistence: {timeoutSeconds: 10_800, prefixLength: 32}}),
		'10.244.1.5:8080',
	],
	[
		'persistence of networks',
		virtualServer('tcp 10.96.0.11:80', {persistence: {timeoutSeconds: 90, prefixLength: 24}}),
		'10.244.1.5:8080',
	],
	[
		'persistence over IPv6',
		virtualServer('tcp [fd00:96::b]:80', {persistence: {timeoutSeconds: 10_800, prefixLength: 128}}),
		'[fd00:244::5]:8080',
	],
	[
		'persistence of IPv6 networks',
		virtualServer('udp [fd00:96::b]:80', {persistence: {timeoutSeconds: 60, prefixLength: 64}}),
		'[fd00:244::5]:8080',
	],
	[
		'mh with ports and fallback',
		virtualServer('tcp 10.96.0.12:80', {scheduler: 'mh', flags: ['scheduler-1', 'scheduler-2']}),
		'10.244.1.5:8080',
	],
	['one-packet', virtualServer('udp 10.96.0.13:53', {flags: ['one-packet']}), '10.244.1.5:53'],
	['an IPv6 address with two gaps', virtualServer('tcp [2001:db8:0:0:1:0:0:1]:443'), '[2001:db8:0:1:1:1:1:1]:65535'],
	['a firewall mark', withKey({kind: 'firewall-mark', family: 'ipv4', mark: 0x1001}), '10.244.1.5:8080'],
	['a firewall mark of IPv6', withKey({kind: 'firewall-mark', family: 'ipv6', mark: 0x1001}), '[fd00:244::5]:8080'],
]

/** What the client for IPVS has to do on any kernel. */
export const describeIpvsContract = (name: string, open: OpenDoors): void =>
	describeContract(`IPVS client on ${name}`, open, bench => {
		const client = () => new IpvsClient(bench().doors)
		const apply = (...operations: readonly IpvsOperation[]): Promise<readonly MessageResult[]> =>
			client().apply(operations)
		const serverOf = async (key: string) => (await readBothWays(bench().doors)).virtualServers.get(key)

		it('sets timeouts, of which 0 leaves one as it is', async () => {
			await client().setTimeouts({tcpSeconds: 900, tcpFinSeconds: 120, udpSeconds: 300})
			await client().setTimeouts({tcpSeconds: 3600, tcpFinSeconds: 0, udpSeconds: 0})
			expect(await client().readTimeouts()).to.deep.equal({tcpSeconds: 3600, tcpFinSeconds: 120, udpSeconds: 300})
			await client().setTimeouts({tcpSeconds: 900, tcpFinSeconds: 60, udpSeconds: 10})
			expect(await client().readTimeouts()).to.deep.equal({tcpSeconds: 900, tcpFinSeconds: 60, udpSeconds: 10})
		})

		it('tries a scheduler out and leaves nothing behind, and names one that is not there', async () => {
			expect(await probeScheduler(client(), 'wrr')).to.equal(undefined)
			expect((await probeScheduler(client(), 'nosuch'))?.what).to.equal('the IPVS scheduler nosuch in the kernel')
			expect((await readBothWays(bench().doors)).virtualServers.size).to.equal(0)
		})

		it('tries a persistence engine out and leaves nothing behind', async () => {
			const withEngine = (engine: string) => ({
				scheduler: 'rr',
				persistence: {timeoutSeconds: 60, prefixLength: 32, engine},
			})
			expect(await tryOut(client(), withEngine('sip'), new Map())).to.equal(undefined)
			expect(await tryOut(client(), withEngine('nosuch'), new Map())).to.equal('ENOENT')
			expect((await readBothWays(bench().doors)).virtualServers.size).to.equal(0)
		})

		it('sets counters back, of all or of those named, and says which are gone', async () => {
			const [server, missing] = [virtualServer('tcp 10.96.0.10:80'), virtualServer('udp 10.96.0.10:80')]
			const marked = withKey({kind: 'firewall-mark', family: 'ipv6', mark: 0x1001})
			await apply({kind: 'add-virtual-server', server}, {kind: 'add-virtual-server', server: marked})
			expect(await client().zero([server, missing, marked])).to.deep.equal([0, ESRCH, 0])
			expect(await client().zero('all')).to.deep.equal([0])
		})

		it('reads an empty kernel', async () => {
			const {virtualServers, counters} = await readBothWays(bench().doors)
			expect([virtualServers.size, counters.size]).to.deep.equal([0, 0])
		})

		for (const [title, server, target] of SERVERS) {
			it(`reads back what it added: ${title}`, async () => {
				const added = realServer(target, {weight: 3})
				expect(
					await apply({kind: 'add-virtual-server', server}, {kind: 'add-real-server', server, realServer: added}),
				).to.deep.equal([0, 0])
				expect(await serverOf(server.key)).to.deep.equal(serverState(server, [added]))
				expect(await client().readCounters([server])).to.deep.equal(
					new Map([[server.key, new Map([[added.key, {activeConnections: 0, inactiveConnections: 0}]])]]),
				)
			})
		}

		it('reads counters of virtual servers and of the real servers of one', async () => {
			const server = virtualServer('tcp [fd00:96::a]:80')
			const real = realServer('[fd00:244::5]:8080', {weight: 2})
			await apply({kind: 'add-virtual-server', server}, {kind: 'add-real-server', server, realServer: real})
			const nothing = {connections: 0, packetsIn: 0, packetsOut: 0, bytesIn: 0, bytesOut: 0}
			const stats = {total: nothing, perSecond: nothing}
			const counters = {activeConnections: 0, inactiveConnections: 0}
			expect(await client().readStats()).to.deep.equal([{server, stats}])
			expect(await client().readRealServerStats(server)).to.deep.equal([{realServer: real, counters, stats}])
			expect(await client().readRealServerStats(virtualServer('tcp 10.96.0.99:80'))).to.deep.equal([])
		})

		describeIpvsChanges(apply, serverOf)
		describeIpvsBatches(apply, async () => (await readBothWays(bench().doors)).virtualServers.size)
	})

type Apply = (...operations: readonly IpvsOperation[]) => Promise<readonly MessageResult[]>

const describeIpvsChanges = (apply: Apply, serverOf: (key: string) => Promise<unknown>): void => {
	const server = virtualServer('tcp 10.96.0.10:80')
	const [first, second] = [realServer('10.244.1.5:8080'), realServer('10.244.1.6:8080')]
	const setUp = () =>
		apply(
			{kind: 'add-virtual-server', server},
			{kind: 'add-real-server', server, realServer: first},
			{kind: 'add-real-server', server, realServer: second},
		)

	it('changes scheduler, flags and persistence in place, real servers stay', async () => {
		await setUp()
		const changed = virtualServer('tcp 10.96.0.10:80', {
			scheduler: 'mh',
			flags: ['scheduler-2'],
			persistence: {timeoutSeconds: 600, prefixLength: 32},
		})
		expect(await apply({kind: 'update-virtual-server', server: changed})).to.deep.equal([0])
		expect(await serverOf(server.key)).to.deep.equal(serverState(changed, [first, second]))
		expect(await apply({kind: 'update-virtual-server', server})).to.deep.equal([0])
		expect(await serverOf(server.key)).to.deep.equal(serverState(server, [first, second]))
	})

	it('changes the weight, to 0 for draining and back', async () => {
		await setUp()
		const drained = {...first, weight: 0}
		expect(await apply({kind: 'drain-real-server', server, realServer: drained})).to.deep.equal([0])
		expect(await serverOf(server.key)).to.deep.equal(serverState(server, [drained, second]))
		expect(await apply({kind: 'update-real-server', server, realServer: first})).to.deep.equal([0])
		expect(await serverOf(server.key)).to.deep.equal(serverState(server, [first, second]))
	})

	it('changes the forwarding method', async () => {
		await setUp()
		for (const forwarding of ['direct-routing', 'tunnel', 'masquerade'] as const) {
			const changed = {...first, forwarding}
			expect(await apply({kind: 'update-real-server', server, realServer: changed})).to.deep.equal([0])
			expect(await serverOf(server.key)).to.deep.equal(serverState(server, [changed, second]))
		}
	})

	it('deletes a real server, and a virtual server with all that it has', async () => {
		await setUp()
		expect(await apply({kind: 'delete-real-server', server, realServer: first})).to.deep.equal([0])
		expect(await serverOf(server.key)).to.deep.equal(serverState(server, [second]))
		expect(await apply({kind: 'delete-virtual-server', server})).to.deep.equal([0])
		expect(await serverOf(server.key)).to.equal(undefined)
	})

	it('tells duplicates from missing objects', async () => {
		await setUp()
		const missing = virtualServer('udp 10.96.0.10:80')
		const absent = realServer('10.244.1.7:8080')
		expect(
			await apply(
				{kind: 'add-virtual-server', server},
				{kind: 'add-real-server', server, realServer: first},
				{kind: 'update-virtual-server', server: missing},
				{kind: 'delete-virtual-server', server: missing},
				{kind: 'add-real-server', server: missing, realServer: first},
				{kind: 'update-real-server', server, realServer: absent},
				{kind: 'delete-real-server', server, realServer: absent},
				{kind: 'delete-real-server', server: missing, realServer: absent},
			),
		).to.deep.equal([EEXIST, EEXIST, ESRCH, ESRCH, ESRCH, ENOENT, ENOENT, ESRCH])
	})

	it('says ENOENT for a scheduler that the kernel does not have, and leaves the old one', async () => {
		await setUp()
		const other = virtualServer('tcp 10.96.0.11:80', {scheduler: 'nosuch'})
		const changed = {...server, scheduler: 'nosuch'}
		expect(
			await apply({kind: 'add-virtual-server', server: other}, {kind: 'update-virtual-server', server: changed}),
		).to.deep.equal([ENOENT, ENOENT])
		expect(await serverOf(other.key)).to.equal(undefined)
		expect(await serverOf(server.key)).to.deep.equal(serverState(server, [first, second]))
	})

	it('keeps virtual servers apart that differ in protocol, port or family only', async () => {
		const servers = ['tcp 10.96.0.10:80', 'udp 10.96.0.10:80', 'tcp 10.96.0.10:81', 'tcp [::a60:a]:80'].map(text =>
			virtualServer(text),
		)
		expect(await apply(...servers.map(server => ({kind: 'add-virtual-server', server}) as const))).to.deep.equal([
			0, 0, 0, 0,
		])
		await apply({kind: 'delete-virtual-server', server: servers[1] ?? server})
		expect(await serverOf('udp 10.96.0.10:80')).to.equal(undefined)
		expect(await serverOf('tcp 10.96.0.10:80')).to.deep.equal(serverState(servers[0] ?? server))
	})
}

const describeIpvsBatches = (apply: Apply, count: () => Promise<number>): void => {
	it('maps errors in the middle of a long run to their operations', async () => {
		const server = virtualServer('tcp 10.96.0.10:80')
		const operations: IpvsOperation[] = [{kind: 'add-virtual-server', server}]
		const expected: MessageResult[] = [0]
		for (let at = 0; at < 700; at++) {
			const isWrong = at % 7 === 3
			const realServer_ = realServer(`10.244.${at >> 8}.${at & 255}:${8000 + at}`)
			operations.push({
				kind: isWrong ? 'delete-real-server' : 'add-real-server',
				server: at % 14 === 3 ? virtualServer('tcp 10.96.9.9:80') : server,
				realServer: realServer_,
			})
			expected.push(isWrong ? (at % 14 === 3 ? ESRCH : ENOENT) : 0)
		}
		expect(await apply(...operations)).to.deep.equal(expected)
		expect(await count()).to.equal(1)
	})

	it('survives a long run in which everything fails', async () => {
		const operations = Array.from({length: 450}, (_, at) => ({
			kind: 'delete-virtual-server' as const,
			server: virtualServer(`tcp 10.96.0.10:${at + 1}`),
		}))
		expect(new Set(await apply(...operations))).to.deep.equal(new Set([ESRCH]))
	})

	it('adds and reads back a thousand virtual servers', async () => {
		const operations = Array.from({length: 1000}, (_, at) => ({
			kind: 'add-virtual-server' as const,
			server: virtualServer(`tcp 10.96.${at >> 8}.${at & 255}:80`),
		}))
		expect(new Set(await apply(...operations))).to.deep.equal(new Set([0]))
		expect(await count()).to.equal(1000)
	})
}
