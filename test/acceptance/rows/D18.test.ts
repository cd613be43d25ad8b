import {expect} from 'chai'
import {service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('D18', 'a source range of one address stays as it is', async world => {
	const spec = {type: 'LoadBalancer', loadBalancerSourceRanges: ['198.51.100.7/32', '2001:db8:e::7/128']}
	const dual = {clusterIPs: ['10.96.0.10', 'fd00:96::a']}
	world.given(service({...spec, ...dual}, {ingress: [{ip: '203.0.113.5'}, {ip: '2001:db8:f::5'}]}), slice())
	await world.settled()
	expect(world.set('LOAD-BALANCER-SOURCE-CIDR')).to.deep.equal(['203.0.113.5,tcp:80,198.51.100.7'])
	expect(world.set('6-LOAD-BALANCER-SOURCE-CIDR')).to.deep.equal(['2001:db8:f::5,tcp:80,2001:db8:e::7'])
	world.mark()
	await world.settled()
	if (world.isQuiet) {
		expect(world.calls()).to.not.deep.equal([])
		expect(world.writes()).to.deep.equal([])
	}
})
