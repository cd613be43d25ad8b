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
