import {expect} from 'chai'
import {port, REMOTE, service, slice} from '../objects.ts'
import {row} from '../row.ts'

const UNSERVED = 'kubeproxy_sync_proxy_rules_no_local_endpoints_total'

row('C13', 'internalTrafficPolicy Local without local endpoints: the ClusterIP refuses', async world => {
	world.given(service({internalTrafficPolicy: 'Local'}), slice(['10.244.2.5']))
	await world.settled()
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal({})
	expect(world.vips()).to.deep.equal(['10.96.0.10'])
	expect(await world.metric(UNSERVED, {ip_family: 'IPv4', traffic_policy: 'internal'})).to.equal(1)
	expect(await world.metric(UNSERVED, {ip_family: 'IPv4', traffic_policy: 'external'})).to.equal(0)
	// L17: a node port does not change that.
	world.change(service({internalTrafficPolicy: 'Local', type: 'NodePort', ports: [port({nodePort: 30080})]}))
	await world.settled()
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal({})
	expect(world.realServers('tcp 192.0.2.10:30080')).to.deep.equal(REMOTE)
})
