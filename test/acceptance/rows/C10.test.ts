import {expect} from 'chai'
import {endpoint, LOCAL, port, REMOTE, service, slice, TERMINATING} from '../objects.ts'
import {row} from '../row.ts'

row('C10', 'externalTrafficPolicy Local: the last local endpoint terminates and still serves', async world => {
	const spec = {type: 'LoadBalancer', ports: [port({nodePort: 30080})], externalTrafficPolicy: 'Local'}
	const endpoints = [endpoint('10.244.1.5', TERMINATING), endpoint('10.244.2.5')]
	world.given(service(spec, {ingress: [{ip: '203.0.113.5'}]}), slice(endpoints))
	await world.settled()
	expect(world.realServers('tcp 203.0.113.5:80')).to.deep.equal(LOCAL)
	expect(world.realServers('tcp 192.0.2.10:30080')).to.deep.equal(LOCAL)
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(REMOTE)
	expect(world.inside('tcp 203.0.113.5:80')).to.deep.equal(REMOTE)
})
