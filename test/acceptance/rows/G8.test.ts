import {expect} from 'chai'
import {SERVER, startDraining, troubleIn} from '../draining.ts'
import {LOCAL} from '../objects.ts'
import {row} from '../row.ts'

row('G8', 'a virtual server that vanishes while a real server of it drains is no trouble', async world => {
	await startDraining(world, 3)
	world.kernel.ipvs.servers.delete(SERVER)
	await world.advance(5000)
	await world.settled()
	expect(world.realServers(SERVER)).to.deep.equal(LOCAL)
	if (world.isQuiet) {
		expect(troubleIn(world)).to.deep.equal([])
	}
})
