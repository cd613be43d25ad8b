import {expect} from 'chai'
import {dnsService, dnsSlice, flow, flowsOf} from '../flows.ts'
import {row} from '../row.ts'

const FLOWS = ['udp 10.96.0.10:53 -> 10.244.1.5:53', 'udp 10.96.0.10:53 -> 10.244.2.5:53'] as const

row('I1', 'the flows of a UDP endpoint end with it, those of others stay', async world => {
	world.given(dnsService(), dnsSlice(['10.244.1.5', '10.244.2.5']))
	await world.settled()
	world.kernel.conntrack.load(FLOWS.map(text => flow(text)))
	world.kernel.conntrack.load([flow(FLOWS[0], 4002)])
	await world.settled()
	world.change(dnsSlice(['10.244.2.5']))
	await world.settled()
	expect(world.realServers('udp 10.96.0.10:53')).to.deep.equal({'10.244.2.5:53': 1})
	expect(flowsOf(world.kernel)).to.deep.equal([FLOWS[1]])
})
