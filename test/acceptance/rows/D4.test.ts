import {expect} from 'chai'
import {endpoint, REMOTE, service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('D4', 'a local endpoint that is not ready is no real server, yet known for hairpin traffic', async world => {
	world.given(service(), slice([endpoint('10.244.1.5', {ready: false}), endpoint('10.244.2.5')]))
	await world.settled()
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(REMOTE)
	expect(world.set('LOOP-BACK')).to.deep.equal(['10.244.1.5,tcp:8080,10.244.1.5'])
})
