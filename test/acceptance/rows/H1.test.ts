import {expect} from 'chai'
import {BOTH, node, service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('H1', 'nothing is changed before every kind of object has been listed', async world => {
	const untouched = world.kernel.dump()
	world.start()
	world.change(node(), service(), slice())
	world.synced('Service', 'Node', 'ServiceCIDR')
	await world.advance(60_000)
	expect(world.kernel.dump()).to.deep.equal(untouched)
	world.synced('EndpointSlice')
	await world.settled()
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(BOTH)
})
