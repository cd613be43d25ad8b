import {expect} from 'chai'
import {dnsService, dnsSlice, flow, flowsOf} from '../flows.ts'
import {row} from '../row.ts'

/** In place of a million, which a test has no time for; the table streams by, whatever its length. */
const MANY = 2000

row('I8', 'one stale flow among very many costs one request', async world => {
	world.given(dnsService(), dnsSlice(['10.244.1.5', '10.244.2.5']))
	await world.settled()
	const alive = Array.from({length: MANY}, (_, at) => flow('udp 10.96.0.10:53 -> 10.244.2.5:53', 10_000 + at))
	world.kernel.conntrack.load([...alive, flow('udp 10.96.0.10:53 -> 10.244.1.5:53')])
	world.mark()
	world.change(dnsSlice(['10.244.2.5']))
	await world.settled()
	expect(new Set(flowsOf(world.kernel))).to.deep.equal(new Set(['udp 10.96.0.10:53 -> 10.244.2.5:53']))
	expect(world.kernel.conntrack.flows.length).to.equal(MANY)
	if (world.isQuiet) {
		const commands = world.calls().map(call => (call.door === 'netlink' ? call.command : undefined))
		expect(commands.filter(command => command === 'del-flow').length).to.equal(1)
		expect(commands.filter(command => command === 'get-flow').length).to.equal(1)
	}
})
