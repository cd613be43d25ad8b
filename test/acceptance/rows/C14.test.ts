import {expect} from 'chai'
import {port, service, slice} from '../objects.ts'
import {row} from '../row.ts'

const UNSERVED = 'kubeproxy_sync_proxy_rules_no_local_endpoints_total'

row('C14', 'both policies Local and no endpoints at all: nobody is counted as unserved', async world => {
	const policies = {internalTrafficPolicy: 'Local', externalTrafficPolicy: 'Local'}
	world.given(service({type: 'NodePort', ports: [port({nodePort: 30080})], ...policies}), slice([]))
	await world.settled()
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal({})
	expect(world.realServers('tcp 192.0.2.10:30080')).to.deep.equal({})
	expect(await world.metric(UNSERVED, {ip_family: 'IPv4', traffic_policy: 'internal'})).to.equal(0)
	expect(await world.metric(UNSERVED, {ip_family: 'IPv4', traffic_policy: 'external'})).to.equal(0)
})
