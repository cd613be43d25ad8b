import {expect} from 'chai'
import {endpoint, service, slice, TERMINATING} from '../objects.ts'
import {row} from '../row.ts'

row('B11', 'where none is ready and none serves, the virtual server has no real server', async world => {
	world.given(
		service(),
		slice([endpoint('10.244.1.5', {ready: false}), endpoint('10.244.2.5', {...TERMINATING, serving: false})]),
	)
	await world.settled()
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal({})
	expect(world.vips()).to.deep.equal(['10.96.0.10'])
})
