import {expect} from 'chai'
import {endpoint, LOCAL, service, slice, TERMINATING} from '../objects.ts'
import {row} from '../row.ts'

row('B9', 'while one endpoint is ready, one that terminates gets nothing new', async world => {
	world.given(service(), slice(['10.244.1.5', endpoint('10.244.2.5', TERMINATING)]))
	await world.settled()
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(LOCAL)
})
