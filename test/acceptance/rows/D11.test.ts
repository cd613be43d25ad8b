import {expect} from 'chai'
import {BOTH, port, service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('D11', 'a load-balancer IP with ipMode Proxy is no VIP', async world => {
	const spec = {type: 'LoadBalancer', ports: [port({nodePort: 30080})]}
	world.given(service(spec, {ingress: [{ip: '203.0.113.5', ipMode: 'Proxy'}]}), slice())
	await world.settled()
	expect(Object.keys(world.servers()).sort()).to.deep.equal(['tcp 10.96.0.10:80', 'tcp 192.0.2.10:30080'])
	expect(world.realServers('tcp 192.0.2.10:30080')).to.deep.equal(BOTH)
	expect(world.set('LOAD-BALANCER')).to.deep.equal([])
	expect(world.vips()).to.deep.equal(['10.96.0.10'])
	world.change(service(spec, {ingress: [{ip: '203.0.113.5', ipMode: 'VIP'}]}))
	await world.settled()
	expect(world.vips()).to.deep.equal(['10.96.0.10', '203.0.113.5'])
})
