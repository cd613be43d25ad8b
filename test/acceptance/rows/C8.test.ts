import {expect} from 'chai'
import {endpoint, LOCAL, port, REMOTE, service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('C8', 'externalTrafficPolicy Local does not look at zone hints', async world => {
	const endpoints = [endpoint('10.244.1.5', {zones: ['zb']}), endpoint('10.244.2.5', {zones: ['za']})]
	const spec = {type: 'NodePort', ports: [port({nodePort: 30080})], externalTrafficPolicy: 'Local'}
	world.given(service(spec), slice(endpoints))
	await world.settled()
	expect(world.realServers('tcp 192.0.2.10:30080')).to.deep.equal(LOCAL)
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(REMOTE)
})
