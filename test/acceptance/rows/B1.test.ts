import {expect} from 'chai'
import {BOTH, service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('B1', 'endpoints of two slices are one union', async world => {
	world.given(service(), slice(['10.244.1.5']), slice(['10.244.2.5'], {name: 's-2'}))
	await world.settled()
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(BOTH)
})
