import {expect} from 'chai'
import {endpoint, service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('C5', 'zone hints that list several zones', async world => {
	const endpoints = [
		endpoint('10.244.1.5', {zones: ['zb', 'zc']}),
		endpoint('10.244.2.5', {zones: ['zb', 'za']}),
		endpoint('10.244.2.6', {zones: ['za']}),
	]
	world.given(service(), slice(endpoints))
	await world.settled()
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal({'10.244.2.5:8080': 1, '10.244.2.6:8080': 1})
})
