import {expect} from 'chai'
import {port, service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('D12', 'a load balancer that has a host name only', async world => {
	const spec = {type: 'LoadBalancer', ports: [port({nodePort: 30080})]}
	world.given(service(spec, {ingress: [{hostname: 'lb.example.org'}]}), slice())
	await world.settled()
	expect(Object.keys(world.servers()).sort()).to.deep.equal(['tcp 10.96.0.10:80', 'tcp 192.0.2.10:30080'])
	expect(world.set('LOAD-BALANCER')).to.deep.equal([])
	expect(world.vips()).to.deep.equal(['10.96.0.10'])
})
