import {expect} from 'chai'
import {BOTH, service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('C15', 'externalTrafficPolicy Local means nothing where nothing is external', async world => {
	world.given(service({externalTrafficPolicy: 'Local'}), slice())
	await world.settled()
	expect(Object.keys(world.servers())).to.deep.equal(['tcp 10.96.0.10:80'])
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(BOTH)
	expect(world.problems()).to.deep.equal([])
})
