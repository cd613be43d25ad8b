import {expect} from 'chai'
import {BOTH, LOCAL, port, service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('C9', 'externalTrafficPolicy Local: outside clients reach local endpoints, all others every one', async world => {
	const spec = {type: 'LoadBalancer', ports: [port({nodePort: 30080})], externalTrafficPolicy: 'Local'}
	world.given(service(spec, {ingress: [{ip: '203.0.113.5'}]}), slice())
	await world.settled()
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(BOTH)
	for (const server of ['tcp 203.0.113.5:80', 'tcp 192.0.2.10:30080']) {
		expect(world.realServers(server)).to.deep.equal(LOCAL)
		expect(world.inside(server)).to.deep.equal(BOTH)
	}
})
