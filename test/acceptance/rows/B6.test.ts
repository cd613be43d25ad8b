import {expect} from 'chai'
import {endpoint, service, slice, TERMINATING} from '../objects.ts'
import {row} from '../row.ts'

const LEAVING = endpoint('10.244.1.5', TERMINATING)

row('B6', 'of three endpoints of one address the one that is not terminating counts', async world => {
	world.given(service(), slice([LEAVING, '10.244.1.5', LEAVING]))
	await world.settled()
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal({'10.244.1.5:8080': 1})
})
