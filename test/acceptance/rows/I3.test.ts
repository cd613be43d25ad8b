import {expect} from 'chai'
import {dnsService, dnsSlice, flow, flowsOf} from '../flows.ts'
import {row} from '../row.ts'

for (const protocol of ['TCP', 'SCTP']) {
	row('I3', `flows of ${protocol} stay when the port of their endpoint changes`, async world => {
		const text = `${protocol.toLowerCase()} 10.96.0.10:53 -> 10.244.1.5:53`
		world.given(dnsService(protocol), dnsSlice(['10.244.1.5'], 53, protocol))
		await world.settled()
		world.kernel.conntrack.load([flow(text)])
		world.change(dnsSlice(['10.244.1.5'], 5353, protocol))
		await world.settled()
		expect(world.realServers(`${protocol.toLowerCase()} 10.96.0.10:53`)).to.include({'10.244.1.5:5353': 1})
		expect(flowsOf(world.kernel)).to.deep.equal([text])
	})
}
