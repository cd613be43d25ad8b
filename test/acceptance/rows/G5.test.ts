import {expect} from 'chai'
import {DRAINING, endConnections, SERVER, startDraining} from '../draining.ts'
import {BOTH, slice} from '../objects.ts'
import {row} from '../row.ts'

row('G5', 'an endpoint that comes back while it drains gets its weight back, its connections live', async world => {
	await startDraining(world, 3)
	world.change(slice())
	await world.settled()
	expect(world.realServers(SERVER)).to.deep.equal(BOTH)
	const server = world.kernel.ipvs.servers.get(SERVER)
	expect(server?.realServers.get(DRAINING)?.counters.activeConnections).to.equal(3)
	// It is not on any list of what is to go.
	endConnections(world)
	await world.advance(5000)
	await world.settled()
	expect(world.realServers(SERVER)).to.deep.equal(BOTH)
})
