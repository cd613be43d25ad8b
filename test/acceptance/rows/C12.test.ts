import {expect} from 'chai'
import {LOCAL, service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('C12', 'internalTrafficPolicy Local: the ClusterIP has local endpoints only', async world => {
	world.given(service({internalTrafficPolicy: 'Local'}), slice())
	await world.settled()
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(LOCAL)
})
