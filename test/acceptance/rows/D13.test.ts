import {expect} from 'chai'
import {BOTH, LOCAL, port, service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('D13', 'a load balancer with externalTrafficPolicy Local', async world => {
	const spec = {type: 'LoadBalancer', ports: [port({nodePort: 30080})], externalTrafficPolicy: 'Local'}
	world.given(service(spec, {ingress: [{ip: '203.0.113.5'}]}), slice())
	await world.settled()
	expect(world.set('LOAD-BALANCER')).to.deep.equal(['203.0.113.5,tcp:80'])
	expect(world.set('LOAD-BALANCER-LOCAL')).to.deep.equal(['203.0.113.5,tcp:80'])
	expect(world.realServers('tcp 203.0.113.5:80')).to.deep.equal(LOCAL)
	expect(world.inside('tcp 203.0.113.5:80')).to.deep.equal(BOTH)
	expect(world.rules('nat', 'KUBE-LOAD-BALANCER')[0]).to.equal(
		'-m comment --comment "Kubernetes service load balancer ip + port with externalTrafficPolicy=local" ' +
			'-m set --match-set KUBE-LOAD-BALANCER-LOCAL dst,dst -j RETURN',
	)
})
