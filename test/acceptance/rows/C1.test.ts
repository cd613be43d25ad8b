import {expect} from 'chai'
import {endpoint, service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('C1', 'zone hints on all ready endpoints', async world => {
	const endpoints = [
		endpoint('10.244.1.5', {zones: ['za']}),
		endpoint('10.244.2.5', {zones: ['zb']}),
		endpoint('10.244.2.6', {zones: ['za']}),
		endpoint('10.244.2.7', {ready: false}),
	]
	world.given(service(), slice(endpoints))
	await world.settled()
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal({'10.244.1.5:8080': 1, '10.244.2.6:8080': 1})
})
