import {expect} from 'chai'
import {BOTH, endpoint, service, slice, TERMINATING} from '../objects.ts'
import {row} from '../row.ts'

row('B10', 'where none is ready, those that terminate and still serve are used', async world => {
	world.given(
		service(),
		slice([
			endpoint('10.244.1.5', TERMINATING),
			endpoint('10.244.2.5', TERMINATING),
			endpoint('10.244.2.6', {...TERMINATING, serving: false}),
			endpoint('10.244.2.7', {ready: false, serving: true}),
		]),
	)
	await world.settled()
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(BOTH)
})
