import {expect} from 'chai'
import {BOTH, port, service, slice} from '../objects.ts'
import {row} from '../row.ts'

const MATCH = '-m set --match-set KUBE-LOAD-BALANCER dst,dst'

row('D10', 'a load balancer with a node port', async world => {
	const spec = {type: 'LoadBalancer', ports: [port({nodePort: 30080})]}
	world.given(service(spec, {ingress: [{ip: '203.0.113.5'}]}), slice())
	await world.settled()
	expect(world.realServers('tcp 203.0.113.5:80')).to.deep.equal(BOTH)
	expect(world.realServers('tcp 192.0.2.10:30080')).to.deep.equal(BOTH)
	expect(world.vips()).to.deep.equal(['10.96.0.10', '203.0.113.5'])
	expect(world.set('LOAD-BALANCER')).to.deep.equal(['203.0.113.5,tcp:80'])
	expect(world.set('LOAD-BALANCER-LOCAL')).to.deep.equal([])
	expect(world.rules('nat', 'KUBE-SERVICES')).to.include.members([
		`-m comment --comment "Kubernetes service lb portal" ${MATCH} -j KUBE-LOAD-BALANCER`,
		`${MATCH} -j ACCEPT`,
	])
})
