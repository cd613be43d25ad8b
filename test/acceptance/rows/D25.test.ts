import {expect} from 'chai'
import {port, service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('D25', 'a load balancer whose node port is not allocated', async world => {
	const spec = {type: 'LoadBalancer', ports: [port({nodePort: 0})], allocateLoadBalancerNodePorts: false}
	world.given(service(spec, {ingress: [{ip: '203.0.113.5'}]}), slice())
	await world.settled()
	expect(Object.keys(world.servers()).sort()).to.deep.equal(['tcp 10.96.0.10:80', 'tcp 203.0.113.5:80'])
	expect(world.set('NODE-PORT-TCP')).to.deep.equal([])
})
