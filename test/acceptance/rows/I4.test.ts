import {expect} from 'chai'
import {dnsService, dnsSlice, flow, flowsOf} from '../flows.ts'
import {row} from '../row.ts'

row('I4', 'flows stay when the last serving UDP endpoint goes: nothing else could take them', async world => {
	world.given(dnsService(), dnsSlice(['10.244.1.5']))
	await world.settled()
	world.kernel.conntrack.load([flow('udp 10.96.0.10:53 -> 10.244.1.5:53')])
	world.change(dnsSlice([]))
	await world.settled()
	expect(world.realServers('udp 10.96.0.10:53') ?? {}).to.deep.equal({})
	expect(flowsOf(world.kernel)).to.deep.equal(['udp 10.96.0.10:53 -> 10.244.1.5:53'])
})
