import {expect} from 'chai'
import {dnsService, dnsSlice, flow, flowsOf} from '../flows.ts'
import {endpoint, TERMINATING} from '../objects.ts'
import {row} from '../row.ts'

const FLOWS = ['udp 10.96.0.10:53 -> 10.244.1.5:53', 'udp 10.96.0.10:53 -> 10.244.2.5:53'] as const

row('I6', 'the flows of an endpoint that terminates and still serves stay', async world => {
	world.given(dnsService(), dnsSlice(['10.244.1.5', '10.244.2.5']))
	await world.settled()
	world.kernel.conntrack.load(FLOWS.map(text => flow(text)))
	world.kernel.conntrack.load([flow('udp 10.96.0.10:53 -> 10.244.9.9:53', 4002)])
	world.change(dnsSlice([endpoint('10.244.1.5', TERMINATING), '10.244.2.5']))
	await world.settled()
	expect(flowsOf(world.kernel)).to.include.members(FLOWS)
})
