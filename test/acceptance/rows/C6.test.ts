import {expect} from 'chai'
import {endpoint, LOCAL, service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('C6', 'node hints on all ready endpoints', async world => {
	const endpoints = [
		endpoint('10.244.1.5', {nodes: ['n1'], zones: ['za']}),
		endpoint('10.244.2.5', {nodes: ['n2'], zones: ['za']}),
	]
	world.given(service(), slice(endpoints))
	await world.settled()
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(LOCAL)
})
