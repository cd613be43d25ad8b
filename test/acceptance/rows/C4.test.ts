import {expect} from 'chai'
import {BOTH, endpoint, service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('C4', 'zone hints are ignored when none is for the zone of the node', async world => {
	const endpoints = [endpoint('10.244.1.5', {zones: ['zb']}), endpoint('10.244.2.5', {zones: ['zc']})]
	world.given(service(), slice(endpoints))
	await world.settled()
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(BOTH)
})
