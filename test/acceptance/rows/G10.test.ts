import {expect} from 'chai'
import {BOTH, service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('G10', 'a real server that was deleted by hand is added again', async world => {
	world.given(service(), slice())
	await world.settled()
	world.kernel.ipvs.servers.get('tcp 10.96.0.10:80')?.realServers.delete('10.244.2.5:8080')
	await world.advance(1000)
	if (world.isQuiet) {
		expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(BOTH)
	}
	await world.settled()
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(BOTH)
})
