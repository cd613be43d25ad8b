import {expect} from 'chai'
import {endpoint, LOCAL, service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('B8', 'an endpoint that is not ready and does not terminate is no real server', async world => {
	world.given(service(), slice(['10.244.1.5', endpoint('10.244.2.5', {ready: false, serving: true})]))
	await world.settled()
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(LOCAL)
	world.change(slice([endpoint('10.244.2.5', {ready: false, serving: true})]))
	await world.settled()
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal({})
})
