import {expect} from 'chai'
import fc from 'fast-check'
import type {NetlinkDoor} from '../../../src/kernel/doors.ts'
import {IpvsClient} from '../../../src/kernel/ipvs/client.ts'
import {LIMITS_FLAG, listenFamily, type RealServer, type VirtualServer} from '../../../src/state/ipvs.ts'
import {anyVirtualServer, wholeRealServerOf} from '../../state/arbitraries.ts'
import {realServer, serverState, virtualServer} from '../../state/build.ts'
import {FakeKernel} from '../../support/fake-kernel/fake-kernel.ts'

const flagged = (server: VirtualServer, realServers: readonly RealServer[]): VirtualServer =>
	realServers.some(({limits}) => limits) ? {...server, flags: [...new Set([...server.flags, LIMITS_FLAG])]} : server

const anyEntry = anyVirtualServer.chain(server =>
	fc
		.array(fc.tuple(wholeRealServerOf(listenFamily(server.listen)), fc.nat(9), fc.nat(9)), {maxLength: 4})
		.map(entries => ({
			server: flagged(
				server,
				entries.map(([realServer]) => realServer),
			),
			entries,
		})),
)

const fakeOf = (entries: readonly (typeof anyEntry extends fc.Arbitrary<infer Entry> ? Entry : never)[]) => {
	const fake = new FakeKernel()
	for (const {server, entries: realServers} of entries) {
		fake.ipvs.load(
			server,
			realServers.map(([realServer]) => realServer),
		)
		for (const [{key}, active, inactive] of realServers) {
			fake.ipvs.setConnections(server.key, key, active, inactive)
		}
	}
	return fake
}

describe('real servers read from the file or by dumps', () => {
	it('are the same, and what is known already stays the same object', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(anyEntry, {maxLength: 6}), fc.nat(7), async (entries, most) => {
				const fake = fakeOf(entries)
				const [byFile, byDumps, either] = [Number.POSITIVE_INFINITY, -1, most].map(
					limit => new IpvsClient(fake.doors, limit),
				)
				const first = await byFile?.read()
				expect(await byDumps?.read()).to.deep.equal(first)
				expect(await either?.read()).to.deep.equal(first)
				expect(first?.virtualServers.size).to.equal(fake.ipvs.servers.size)
				const known = first?.virtualServers
				const again = [await byFile?.read(known), await byDumps?.read(known)]
				for (const [key, state] of known ?? []) {
					expect(again.map(found => found?.virtualServers.get(key) === state)).to.deep.equal([true, true])
				}
				expect(again[1]?.counters).to.deep.equal(again[0]?.counters)
			}),
		)
	})

	it('take one request for each virtual server only where there are many', async () => {
		const fake = new FakeKernel()
		const count = 12
		for (let at = 0; at < count; at++) {
			fake.ipvs.load(virtualServer(`tcp 10.96.0.${at}:80`), [realServer('10.244.1.5:80')])
		}
		const sendsOf = async (most?: number) => {
			const client = new IpvsClient(fake.doors, most)
			await client.readTimeouts()
			const before = fake.sends
			await client.read()
			return fake.sends - before
		}
		expect(await sendsOf()).to.equal(1)
		expect(await sendsOf(count)).to.equal(1)
		expect(await sendsOf(count - 1)).to.equal(1 + count)
	})

	it('are none where the virtual server is deleted after it was listed', async () => {
		const fake = new FakeKernel()
		const [gone, stays] = [virtualServer('tcp 10.96.0.1:80'), virtualServer('tcp 10.96.0.2:80')]
		for (const server of [gone, stays]) {
			fake.ipvs.load(server, [realServer('10.244.1.5:80')])
		}
		const exchange: NetlinkDoor['exchange'] = async (...call) => {
			await fake.netlink.exchange(...call)
			if (fake.sends > 1) {
				fake.ipvs.servers.delete(gone.key)
			}
		}
		const client = new IpvsClient({...fake.doors, netlink: {...fake.netlink, exchange}}, 0)
		const {virtualServers} = await client.read()
		expect(virtualServers.get(gone.key)).to.deep.equal(serverState(gone))
		expect(virtualServers.get(stays.key)).to.deep.equal(serverState(stays, [realServer('10.244.1.5:80')]))
	})
})
