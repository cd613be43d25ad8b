import {expect} from 'chai'
import {service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('D17', 'a source range with blanks and host bits', async world => {
	const spec = {type: 'LoadBalancer', loadBalancerSourceRanges: [' 198.51.100.7/24 ']}
	world.given(service(spec, {ingress: [{ip: '203.0.113.5'}]}), slice())
	await world.settled()
	expect(world.set('LOAD-BALANCER-SOURCE-CIDR')).to.deep.equal(['203.0.113.5,tcp:80,198.51.100.0/24'])
})
