import {expect} from 'chai'
import {BOTH, service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('D16', 'a source range that is everybody', async world => {
	const spec = {type: 'LoadBalancer', loadBalancerSourceRanges: ['198.51.100.0/24', '0.0.0.0/0']}
	world.given(service(spec, {ingress: [{ip: '203.0.113.5'}]}), slice())
	await world.settled()
	expect(world.realServers('tcp 203.0.113.5:80')).to.deep.equal(BOTH)
	for (const set of ['LOAD-BALANCER-FW', 'LOAD-BALANCER-SOURCE-CIDR', 'LOAD-BALANCER-SOURCE-IP']) {
		expect(world.set(set)).to.deep.equal([])
	}
})
