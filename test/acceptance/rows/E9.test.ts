import {expect} from 'chai'
import {service, slice} from '../objects.ts'
import {row} from '../row.ts'

const JUMP = '-m comment --comment "kubernetes ipvs access filter" -j KUBE-IPVS-FILTER'

row('E9', 'a jump that was deleted by hand comes back at the top', async world => {
	world.given(service(), slice())
	await world.settled()
	const input = world.kernel.iptables.tables('ipv4').get('filter')?.get('INPUT')
	expect(input?.rules[0]).to.equal(JUMP)
	input?.rules.splice(0, 1)
	await world.advance(1000)
	if (world.isQuiet) {
		expect(world.rules('filter', 'INPUT')[0]).to.equal(JUMP)
	}
	await world.settled()
	expect(world.rules('filter', 'INPUT')[0]).to.equal(JUMP)
	expect(world.rules('filter', 'INPUT').filter(rule => rule === JUMP)).to.have.length(1)
})
