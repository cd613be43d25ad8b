import {expect} from 'chai'
import {port, service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('D14', 'source ranges of a load balancer', async world => {
	const spec = {type: 'LoadBalancer', ports: [port({nodePort: 30080})]}
	const status = {ingress: [{ip: '203.0.113.5'}]}
	world.given(service({...spec, loadBalancerSourceRanges: ['198.51.100.0/24']}, status), slice())
	await world.settled()
	expect(world.set('LOAD-BALANCER-FW')).to.deep.equal(['203.0.113.5,tcp:80'])
	expect(world.set('LOAD-BALANCER-SOURCE-CIDR')).to.deep.equal(['203.0.113.5,tcp:80,198.51.100.0/24'])
	for (const parent of ['INPUT', 'FORWARD']) {
		const jump = '-m comment --comment "kube-proxy firewall rules" -j KUBE-PROXY-FIREWALL'
		expect(world.rules('filter', parent)).to.include(jump)
	}
	expect(world.rules('filter', 'KUBE-PROXY-FIREWALL').join()).to.match(
		/--match-set KUBE-LOAD-BALANCER-FW dst,dst -j KUBE-SOURCE-RANGES-FIREWALL$/,
	)
	expect(world.rules('filter', 'KUBE-SOURCE-RANGES-FIREWALL').at(-1)).to.equal('-j DROP')
	// The node itself is not in the ranges. It is dropped by a constant rule, whatever source address it takes (L23).
	expect(world.set('LOAD-BALANCER-SOURCE-IP')).to.deep.equal([])
	expect(world.rules('mangle', 'OUTPUT').join()).to.include('-j KUBE-LVS-OUTPUT')
	expect(world.rules('mangle', 'KUBE-LVS-OUTPUT').join('\n')).to.match(
		/--match-set KUBE-LOAD-BALANCER-FW dst,dst -j KUBE-LVS-SOURCE-RANGES$/m,
	)
	expect(world.rules('mangle', 'KUBE-LVS-SOURCE-RANGES').at(-1)).to.equal('-j DROP')
})
