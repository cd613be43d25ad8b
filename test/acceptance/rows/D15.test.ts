import {expect} from 'chai'
import {service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('D15', 'source ranges with the node in them let the node in', async world => {
	const spec = {type: 'LoadBalancer', loadBalancerSourceRanges: ['192.0.2.0/24']}
	world.given(service(spec, {ingress: [{ip: '203.0.113.5'}]}), slice())
	await world.settled()
	expect(world.set('LOAD-BALANCER-SOURCE-CIDR')).to.deep.equal(['203.0.113.5,tcp:80,192.0.2.0/24'])
	expect(world.set('LOAD-BALANCER-SOURCE-IP')).to.deep.equal(['203.0.113.5,tcp:80,203.0.113.5'])
	expect(world.rules('filter', 'KUBE-IPVS-OUT-FILTER')).to.deep.equal([])
	expect(world.rules('mangle', 'KUBE-LVS-SOURCE-RANGES')[0]).to.match(
		/--match-set KUBE-LOAD-BALANCER-SOURCE-IP dst,dst,\w+ -j RETURN$/,
	)
})
