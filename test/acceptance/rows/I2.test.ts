import {expect} from 'chai'
import {dnsService, dnsSlice, flow, flowsOf} from '../flows.ts'
import {row} from '../row.ts'

row('I2', 'the flows to the old port of a UDP endpoint end when its port changes', async world => {
	world.given(dnsService(), dnsSlice(['10.244.1.5']))
	await world.settled()
	world.kernel.conntrack.load([
		flow('udp 10.96.0.10:53 -> 10.244.1.5:53'),
		flow('udp 10.96.0.10:53 -> 10.244.1.5:5353', 4002),
	])
	world.change(dnsSlice(['10.244.1.5'], 5353))
	await world.settled()
	expect(flowsOf(world.kernel)).to.deep.equal(['udp 10.96.0.10:53 -> 10.244.1.5:5353'])
})
