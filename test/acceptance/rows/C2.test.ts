import {expect} from 'chai'
import {BOTH, endpoint, service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('C2', 'zone hints are ignored when one ready endpoint has none', async world => {
	const endpoints = [endpoint('10.244.1.5', {zones: ['za']}), endpoint('10.244.2.5')]
	world.given(service(), slice(endpoints))
	await world.settled()
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(BOTH)
})
