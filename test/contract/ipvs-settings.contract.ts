import {expect} from 'chai'
import {IpvsClient} from '../../src/kernel/ipvs/client.ts'
import type {MessageResult} from '../../src/kernel/netlink/batch.ts'
import type {IpvsOperation} from '../../src/plan/operation.ts'
import {LIMITS_FLAG, type RealServer, type Tunnel, type VirtualServer} from '../../src/state/ipvs.ts'
import {realServer, serverState, virtualServer, withKey} from '../state/build.ts'
import {describeContract, type OpenDoors} from './bench.ts'
import {readBothWays} from './read-both-ways.ts'

const [ENOENT, EINVAL, ERANGE] = [2, 22, 34]

const SCHEDULERS = 'rr wrr lc wlc lblc lblcr dh sh mh sed nq fo ovf'.split(' ')

const TUNNELS: readonly Tunnel[] = [
	{type: 'gue', port: 6080, checksum: 'none'},
	{type: 'gue', port: 65_535, checksum: 'checksum'},
	{type: 'gue', port: 1, checksum: 'remote-checksum'},
	{type: 'gre', port: 0, checksum: 'none'},
	{type: 'gre', port: 0, checksum: 'checksum'},
]

/** What a virtual server can be changed to, and back from. */
const SETTINGS: Readonly<Record<string, Partial<VirtualServer>>> = {
	...Object.fromEntries(SCHEDULERS.map(scheduler => [`the scheduler ${scheduler}`, {scheduler}])),
	'sh with port and fallback': {scheduler: 'sh', flags: ['scheduler-1', 'scheduler-2']},
	'mh with fallback': {scheduler: 'mh', flags: ['scheduler-1']},
	'one-packet scheduling': {flags: ['one-packet']},
	'all flags': {flags: ['one-packet', 'scheduler-1', 'scheduler-2', 'scheduler-3']},
	'persistence of single clients': {persistence: {timeoutSeconds: 1, prefixLength: 32}},
	'persistence of networks': {persistence: {timeoutSeconds: 2_592_000, prefixLength: 24}},
	'persistence of all clients together': {persistence: {timeoutSeconds: 60, prefixLength: 1}},
	'the persistence engine sip': {persistence: {timeoutSeconds: 60, prefixLength: 32, engine: 'sip'}},
}

/** Settings that /proc/net/ip_vs does not show, or shows in part: written, read back, changed, removed. */
export const describeIpvsSettingsContract = (name: string, open: OpenDoors): void =>
	describeContract(`IPVS settings on ${name}`, open, bench => {
		const client = () => new IpvsClient(bench().doors)
		const apply = (...operations: readonly IpvsOperation[]): Promise<readonly MessageResult[]> =>
			client().apply(operations)
		const serverOf = async (key: string) => (await readBothWays(bench().doors)).virtualServers.get(key)
		const plain = virtualServer('udp 10.96.0.10:5060')

		for (const [title, settings] of Object.entries(SETTINGS)) {
			it(`adds, changes to and removes ${title}`, async () => {
				const changed = {...plain, ...settings}
				expect(await apply({kind: 'add-virtual-server', server: changed})).to.deep.equal([0])
				expect((await serverOf(plain.key))?.server).to.deep.equal(changed)
				expect(await apply({kind: 'update-virtual-server', server: plain})).to.deep.equal([0])
				expect((await serverOf(plain.key))?.server).to.deep.equal(plain)
				expect(await apply({kind: 'update-virtual-server', server: changed})).to.deep.equal([0])
				expect((await serverOf(plain.key))?.server).to.deep.equal(changed)
			})
		}

		it('changes the network of persistence, IPv4 and IPv6', async () => {
			for (const [text, prefixLengths] of [
				['tcp 10.96.0.10:80', [32, 24, 16]],
				['tcp [fd00:96::a]:80', [128, 64, 1]],
			] as const) {
				for (const [at, prefixLength] of prefixLengths.entries()) {
					const server = virtualServer(text, {persistence: {timeoutSeconds: 600, prefixLength}})
					const kind = at === 0 ? 'add-virtual-server' : 'update-virtual-server'
					expect(await apply({kind, server})).to.deep.equal([0])
					expect((await serverOf(server.key))?.server).to.deep.equal(server)
				}
			}
		})

		it('says ENOENT for an engine that the kernel does not have, and leaves everything as it is', async () => {
			await apply({kind: 'add-virtual-server', server: plain})
			const server = {...plain, persistence: {timeoutSeconds: 60, prefixLength: 32, engine: 'nosuch'}}
			const other = virtualServer('udp 10.96.0.11:5060', {persistence: server.persistence})
			expect(
				await apply({kind: 'update-virtual-server', server}, {kind: 'add-virtual-server', server: other}),
			).to.deep.equal([ENOENT, ENOENT])
			expect((await serverOf(plain.key))?.server).to.deep.equal(plain)
			expect(await serverOf(other.key)).to.equal(undefined)
		})

		describeRealServers(apply, serverOf)

		it('reads all of it at once, exactly as it was written', async () => {
			const states = everything()
			const operations = states.flatMap(({server, realServers}): readonly IpvsOperation[] => [
				{kind: 'add-virtual-server', server},
				...[...realServers.values()].map(
					(realServer): IpvsOperation => ({kind: 'add-real-server', server, realServer}),
				),
			])
			expect(new Set(await apply(...operations))).to.deep.equal(new Set([0]))
			const {virtualServers, counters} = await readBothWays(bench().doors)
			expect(virtualServers).to.deep.equal(new Map(states.map(state => [state.server.key, state])))
			expect([...counters.values()].reduce((sum, {size}) => sum + size, 0)).to.equal(3 * states.length)
		})
	})

type Apply = (...operations: readonly IpvsOperation[]) => Promise<readonly MessageResult[]>

const describeRealServers = (apply: Apply, serverOf: (key: string) => Promise<unknown>): void => {
	const server = virtualServer('udp 10.96.0.10:5060', {flags: [LIMITS_FLAG]})
	const put = async (kind: 'add-real-server' | 'update-real-server', realServer: RealServer) => {
		expect(await apply({kind, server, realServer})).to.deep.equal([0])
		expect(await serverOf(server.key)).to.deep.equal(serverState(server, [realServer]))
	}
	const target = (settings: Partial<RealServer> = {}) => realServer('10.244.1.5:5060', settings)

	it('changes the kind of tunnel, and leaves no trace of it with another method', async () => {
		await apply({kind: 'add-virtual-server', server})
		await put('add-real-server', target({forwarding: 'tunnel'}))
		for (const tunnel of TUNNELS) {
			await put('update-real-server', target({forwarding: 'tunnel', tunnel}))
		}
		await put('update-real-server', target({forwarding: 'tunnel'}))
		await put(
			'update-real-server',
			target({forwarding: 'tunnel', tunnel: {type: 'gre', port: 0, checksum: 'checksum'}}),
		)
		await put('update-real-server', target())
		await put('update-real-server', target({forwarding: 'tunnel'}))
	})

	it('adds with each kind of tunnel', async () => {
		const plain = virtualServer('udp 10.96.0.10:5060')
		await apply({kind: 'add-virtual-server', server: plain})
		const realServers = TUNNELS.map((tunnel, at) =>
			realServer(`10.244.1.${at}:5060`, {forwarding: 'tunnel', tunnel, limits: {upper: at + 1, lower: at}}),
		)
		for (const realServer of realServers) {
			expect(await apply({kind: 'add-real-server', server: plain, realServer})).to.deep.equal([0])
		}
		expect(await serverOf(plain.key)).to.deep.equal(serverState(plain, realServers))
	})

	it('refuses gue without a port', async () => {
		await apply({kind: 'add-virtual-server', server})
		const tunnel = {type: 'gue', port: 0, checksum: 'none'} as const
		expect(
			await apply({kind: 'add-real-server', server, realServer: target({forwarding: 'tunnel', tunnel})}),
		).to.deep.equal([EINVAL])
	})

	it('sets, changes and lifts limits, which weight and method leave alone', async () => {
		await apply({kind: 'add-virtual-server', server})
		await put('add-real-server', target({limits: {upper: 100, lower: 80}}))
		await put('update-real-server', target({limits: {upper: 1, lower: 1}}))
		await put('update-real-server', target({weight: 0, limits: {upper: 2_147_483_647, lower: 0}}))
		await put('update-real-server', target())
	})

	it('says ERANGE for a lower limit above the upper one', async () => {
		await apply({kind: 'add-virtual-server', server})
		expect(
			await apply({kind: 'add-real-server', server, realServer: target({limits: {upper: 10, lower: 11}})}),
		).to.deep.equal([ERANGE])
	})
}

/** Virtual servers of all kinds, each with three real servers of one. */
const everything = () => {
	const methods: readonly Partial<RealServer>[] = [
		{},
		{limits: {upper: 10, lower: 5}},
		{forwarding: 'direct-routing'},
		{forwarding: 'tunnel'},
		...TUNNELS.map(tunnel => ({forwarding: 'tunnel' as const, tunnel})),
		...TUNNELS.map(tunnel => ({forwarding: 'tunnel' as const, tunnel, limits: {upper: 7, lower: 0}})),
	]
	return methods.flatMap((settings, at) => {
		const flags = settings.limits ? [LIMITS_FLAG] : []
		const realServers = (prefix: string, port = 80) =>
			[1, 2, 3].map(last => realServer(`${prefix}${last}${prefix.startsWith('[') ? ']' : ''}:${port}`, settings))
		return [
			serverState(virtualServer(`tcp 10.96.0.${at}:80`, {flags}), realServers('10.244.1.')),
			serverState(virtualServer(`udp [fd00:96::${at}]:80`, {flags}), realServers('[fd00:244::')),
			serverState(
				withKey({kind: 'firewall-mark', family: at % 2 === 0 ? 'ipv4' : 'ipv6', mark: 0x1000 + at}, {flags}),
				realServers(at % 2 === 0 ? '10.244.1.' : '[fd00:244::', 0),
			),
		]
	})
}
