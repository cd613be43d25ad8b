import {expect} from 'chai'
import {BOTH, service, slice, slicePort} from '../objects.ts'
import {row} from '../row.ts'

row('B14', 'a slice port under a name that the Service does not have serves nothing', async world => {
	world.given(service(), slice())
	await world.settled()
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(BOTH)
	world.change(slice(undefined, {ports: [slicePort({name: 'q'})]}))
	await world.settled()
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal({})
	expect(world.set('LOOP-BACK')).to.deep.equal([])
	expect(world.vips()).to.deep.equal(['10.96.0.10'])
})
