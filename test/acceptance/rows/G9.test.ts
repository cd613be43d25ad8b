import {expect} from 'chai'
import {DRAINING, SERVER, startDraining, troubleIn} from '../draining.ts'
import {LOCAL} from '../objects.ts'
import {row} from '../row.ts'

row('G9', 'a real server that vanishes by hand while it drains is no trouble', async world => {
	await startDraining(world, 3)
	world.kernel.ipvs.servers.get(SERVER)?.realServers.delete(DRAINING)
	await world.advance(5000)
	await world.settled()
	expect(world.realServers(SERVER)).to.deep.equal(LOCAL)
	if (world.isQuiet) {
		expect(troubleIn(world)).to.deep.equal([])
	}
})
