import {expect} from 'chai'
import {port, REMOTE, service, slice} from '../objects.ts'
import {row} from '../row.ts'

const UNSERVED = 'kubeproxy_sync_proxy_rules_no_local_endpoints_total'

row(
	'C11',
	'externalTrafficPolicy Local without local endpoints: remote ones serve clients inside the cluster',
	async world => {
		const spec = {type: 'LoadBalancer', ports: [port({nodePort: 30080})], externalTrafficPolicy: 'Local'}
		world.given(service(spec, {ingress: [{ip: '203.0.113.5'}]}), slice(['10.244.2.5']))
		await world.settled()
		expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(REMOTE)
		for (const server of ['tcp 203.0.113.5:80', 'tcp 192.0.2.10:30080']) {
			expect(world.inside(server)).to.deep.equal(REMOTE)
			// L18: what comes from outside is refused, not sent to a pod whose answer goes another way.
			expect(world.realServers(server)).to.deep.equal({})
		}
		expect(await world.metric(UNSERVED, {ip_family: 'IPv4', traffic_policy: 'internal'})).to.equal(0)
		expect(await world.metric(UNSERVED, {ip_family: 'IPv4', traffic_policy: 'external'})).to.equal(1)
	},
)
