import {expect} from 'chai'
import {dnsService, dnsSlice, flow, flowsOf} from '../acceptance/flows.ts'
import {World} from '../acceptance/world.ts'

describe('flows that could not be deleted', () => {
	it('are deleted at the next audit, also when the sync did not come to its end', async () => {
		const world = new World({}, undefined)
		world.given(dnsService(), dnsSlice(['10.244.1.5', '10.244.2.5']))
		await world.settled()
		await world.advance(500)
		world.kernel.conntrack.load([flow('udp 10.96.0.10:53 -> 10.244.1.5:53')])
		// The real server is deleted without an answer, its flows are not, and then its connections cannot be counted.
		world.kernel.loseReplies()
		world.kernel.failNext({kind: 'errno', errno: 'ENOMEM', command: 'del-flow'})
		world.kernel.failNext({kind: 'errno', errno: 'EBUSY', command: 'get-dest'})
		world.change(dnsSlice(['10.244.2.5']))
		await world.advance(100)
		expect(world.realServers('udp 10.96.0.10:53')).to.deep.equal({'10.244.2.5:53': 1})
		expect(world.observer.failures).to.have.length(1)
		await world.settled()
		expect(flowsOf(world.kernel)).to.deep.equal([])
		await world.stop()
	})
})

const VIP = 'udp 10.96.0.10:53'

describe('flows that can never be deleted', () => {
	let world: World

	/** The kernel does not let us look at flows. */
	beforeEach(async () => {
		world = new World({config: {auditInterval: '30s'}}, undefined)
		world.given(dnsService(), dnsSlice(['10.244.1.5', '10.244.2.5']))
		await world.settled()
		world.kernel.failNext({kind: 'errno', errno: 'EPERM', command: 'get-flow'}, Number.POSITIVE_INFINITY)
		for (let round = 0; round < 20; round++) {
			world.change(dnsSlice([`10.244.1.${6 + round}`]))
			await world.advance(200)
		}
	})

	afterEach(() => world.stop())

	it('are remembered once for each address and port, however often they could not', async () => {
		const before = world.observer.syncs.length
		await world.advance(120_000)
		const audits = world.observer.syncs.slice(before).filter(({kind}) => kind === 'audit')
		expect(audits.at(-1)?.outcomes.map(({operation}) => operation.kind)).to.deep.equal(['delete-flows'])
	})

	it('are deleted as soon as that works, and none to an endpoint that came since', async () => {
		world.change(dnsSlice(['10.244.1.5', '10.244.2.9']))
		await world.advance(200)
		world.kernel.faults.clear()
		world.kernel.conntrack.load(['10.244.2.5:53', '10.244.2.9:53'].map(to => flow(`${VIP} -> ${to}`)))
		await world.advance(120_000)
		expect(flowsOf(world.kernel)).to.deep.equal([`${VIP} -> 10.244.2.9:53`])
	})
})
