import {expect} from 'chai'
import {DUAL_STACK, port, service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('G11', 'a restart with nothing changed writes nothing', async world => {
	const spec = {...DUAL_STACK, type: 'LoadBalancer', ports: [port({nodePort: 30080})], externalIPs: ['203.0.113.7']}
	world.given(
		service(spec, {ingress: [{ip: '203.0.113.5'}]}),
		slice(),
		slice(['fd00:244:0:1::5', 'fd00:244:0:2::5'], {name: 's-2'}),
	)
	await world.settled()
	const before = world.kernel.dump()
	world.mark()
	await world.restart()
	await world.settled()
	expect(world.kernel.dump()).to.deep.equal(before)
	if (world.isQuiet) {
		expect(world.writes()).to.deep.equal([])
	}
})
