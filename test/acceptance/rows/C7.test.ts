import {expect} from 'chai'
import {endpoint, REMOTE, service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('C7', 'zone hints count when no node hint is for this node', async world => {
	const endpoints = [
		endpoint('10.244.1.5', {nodes: ['n2'], zones: ['zb']}),
		endpoint('10.244.2.5', {nodes: ['n3'], zones: ['za']}),
	]
	world.given(service(), slice(endpoints))
	await world.settled()
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(REMOTE)
})
