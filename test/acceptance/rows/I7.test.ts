import {expect} from 'chai'
import {dnsService, dnsSlice, flow, flowsOf} from '../flows.ts'
import {port} from '../objects.ts'
import {row} from '../row.ts'

row('I7', 'the flows of a UDP node port end with their endpoint', async world => {
	const ports = [port({port: 53, protocol: 'UDP', nodePort: 30_053})]
	world.given(dnsService('UDP', {type: 'NodePort', ports}), dnsSlice(['10.244.1.5', '10.244.2.5']))
	await world.settled()
	world.kernel.conntrack.load([
		flow('udp 192.0.2.10:30053 -> 10.244.1.5:53'),
		flow('udp 192.0.2.10:30053 -> 10.244.2.5:53', 4002),
	])
	world.change(dnsSlice(['10.244.2.5']))
	await world.settled()
	expect(flowsOf(world.kernel)).to.deep.equal(['udp 192.0.2.10:30053 -> 10.244.2.5:53'])
})
