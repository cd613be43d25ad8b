import {expect} from 'chai'
import {DRAINING, endConnections, SERVER, startDraining} from '../draining.ts'
import {LOCAL} from '../objects.ts'
import {row} from '../row.ts'

row('G7', 'a restart in the middle of a drain changes nothing', async world => {
	await startDraining(world, 2)
	await world.restart()
	await world.settled()
	expect(world.realServers(SERVER)).to.deep.equal({...LOCAL, [DRAINING]: 0})
	endConnections(world)
	await world.advance(1000)
	await world.settled()
	expect(world.realServers(SERVER)).to.deep.equal(LOCAL)
})
