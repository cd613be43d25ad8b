import {expect} from 'chai'
import {LOCAL, service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('G1', 'an idle endpoint that is removed goes in the same sync', {config: {auditInterval: '1h'}}, async world => {
	world.given(service(), slice())
	await world.settled()
	world.change(slice(['10.244.1.5']))
	if (world.isQuiet) {
		await world.advance(100)
		expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(LOCAL)
	}
	await world.settled()
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(LOCAL)
})
