import {expect} from 'chai'
import {dnsService, dnsSlice, flow, flowsOf} from '../flows.ts'
import {row} from '../row.ts'

row('I5', 'UDP flows that nobody answered for end when the Service gets endpoints', async world => {
	world.given(dnsService(), dnsSlice([]))
	await world.settled()
	world.kernel.conntrack.load([flow('udp 10.96.0.10:53 -> 10.96.0.10:53')])
	world.change(dnsSlice(['10.244.1.5']))
	await world.settled()
	expect(world.realServers('udp 10.96.0.10:53')).to.deep.equal({'10.244.1.5:53': 1})
	expect(flowsOf(world.kernel)).to.deep.equal([])
})
