import {expect} from 'chai'
import {BOTH, REMOTE, service, slice} from '../objects.ts'
import {row} from '../row.ts'

const UNSERVED = 'kubeproxy_sync_proxy_rules_no_local_endpoints_total'

row('C15', 'externalTrafficPolicy Local means nothing where nothing is external', async world => {
	world.given(service({externalTrafficPolicy: 'Local'}), slice())
	await world.settled()
	expect(Object.keys(world.servers())).to.deep.equal(['tcp 10.96.0.10:80'])
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(BOTH)
	expect(world.problems()).to.deep.equal([])
	world.change(slice(['10.244.2.5']))
	await world.settled()
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(REMOTE)
	expect(await world.metric(UNSERVED, {ip_family: 'IPv4', traffic_policy: 'external'})).to.equal(0)
})
