import {expect} from 'chai'
import {dnsService, dnsSlice, flow, flowsOf} from '../acceptance/flows.ts'
import {World} from '../acceptance/world.ts'

const GONE = 'udp 10.96.0.10:53 -> 10.244.1.9:53'
const SERVED = 'udp 10.96.0.10:53 -> 10.244.1.5:53'
const FOREIGN = 'udp 192.0.2.77:53 -> 10.244.1.9:53'

describe('flows to real servers that were deleted by a process that was killed before it came to their flows', () => {
	let world: World

	beforeEach(async () => {
		world = new World({}, undefined)
		world.given(dnsService(), dnsSlice(['10.244.1.5']))
		await world.settled()
		world.kernel.conntrack.load([GONE, SERVED, FOREIGN].map(text => flow(text)))
	})

	afterEach(() => world.stop())

	it('end when the next process starts, which counts nothing as done', async () => {
		const before = world.observer.syncs.length
		await world.restart()
		await world.settled()
		expect(flowsOf(world.kernel)).to.have.members([SERVED, FOREIGN])
		expect(world.observer.syncs.slice(before).flatMap(({outcomes}) => outcomes)).to.deep.equal([])
	})

	it('are tried again where they could not be deleted', async () => {
		await world.restart()
		world.kernel.failNext({kind: 'errno', errno: 'EPERM', command: 'del-flow'})
		await world.settled()
		expect(world.observer.syncs.flatMap(({outcomes}) => outcomes.filter(({error}) => error))).to.have.length(1)
		expect(flowsOf(world.kernel)).to.have.members([SERVED, FOREIGN])
	})
})
