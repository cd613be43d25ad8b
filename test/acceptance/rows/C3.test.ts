import {expect} from 'chai'
import {BOTH, endpoint, node, REMOTE, service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('C3', 'zone hints are ignored on a node without zone', async world => {
	const endpoints = [endpoint('10.244.1.5', {zones: ['za']}), endpoint('10.244.2.5', {zones: ['zb']})]
	world.given(node({zone: undefined}), service(), slice(endpoints))
	await world.settled()
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(BOTH)
	world.change(node({zone: 'zb'}))
	await world.settled()
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(REMOTE)
})
