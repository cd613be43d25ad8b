import {expect} from 'chai'
import fc from 'fast-check'
import type {NetlinkDoor} from '../../src/kernel/doors.ts'
import {IpvsClient} from '../../src/kernel/ipvs/client.ts'
import {Mirror} from '../../src/plan/mirror.ts'
import type {IpvsOperation} from '../../src/plan/operation.ts'
import type {RealServer, VirtualServer} from '../../src/state/ipvs.ts'
import {emptyKernel} from '../plan/build.ts'
import {realServer, virtualServer} from '../state/build.ts'
import {FakeKernel} from '../support/fake-kernel/fake-kernel.ts'

const SERVERS = [1, 2, 3, 4].map(at => virtualServer(`tcp 10.96.0.${at}:80`))
const REAL_SERVERS = [1, 2, 3].map(at => realServer(`10.244.1.${at}:80`))

const anyOperation: fc.Arbitrary<IpvsOperation> = fc.oneof(
	fc.record({
		kind: fc.constantFrom('add-virtual-server', 'update-virtual-server', 'delete-virtual-server'),
		server: fc
			.tuple(fc.constantFrom(...SERVERS), fc.constantFrom('rr', 'wrr'))
			.map(([server, scheduler]): VirtualServer => ({...server, scheduler})),
	}),
	fc.record({
		kind: fc.constantFrom('add-real-server', 'update-real-server', 'drain-real-server', 'delete-real-server'),
		server: fc.constantFrom(...SERVERS),
		realServer: fc
			.tuple(fc.constantFrom(...REAL_SERVERS), fc.nat(2))
			.map(([server, weight]): RealServer => ({...server, weight})),
	}),
)

/** Each at one of the requests of a reading. */
const anyMeddling = fc.array(fc.tuple(fc.nat(7), anyOperation), {maxLength: 12})

describe('what kube-lvs changes while it reads', () => {
	it('is in the mirror whenever it was done, and whichever way real servers are read', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(anyOperation, {maxLength: 12}),
				anyMeddling,
				fc.boolean(),
				async (first, later, isByFile) => {
					const fake = new FakeKernel()
					const plain = new IpvsClient(fake.doors)
					await plain.apply(first)
					const mirror = new Mirror({...emptyKernel(), ...(await plain.read())})
					const doneAt = async (request: number) => {
						for (const [, operation] of later.filter(([at]) => at === request)) {
							const [result] = await plain.apply([operation])
							if (result === 0) {
								mirror.record(operation)
							}
						}
					}
					let requests = 0
					const exchange: NetlinkDoor['exchange'] = async (...call) => {
						await doneAt(requests++)
						await fake.netlink.exchange(...call)
					}
					const doors = {...fake.doors, netlink: {...fake.netlink, exchange}}
					mirror.beginJournal()
					mirror.refresh(
						await new IpvsClient(doors, isByFile ? Number.POSITIVE_INFINITY : -1).read(mirror.virtualServers),
					)
					expect(new Map(mirror.virtualServers)).to.deep.equal((await plain.read()).virtualServers)
				},
			),
			{numRuns: 300},
		)
	})
})
