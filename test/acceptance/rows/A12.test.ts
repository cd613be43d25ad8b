import {expect} from 'chai'
import {BOTH, service, slice} from '../objects.ts'
import {row} from '../row.ts'

const CLUSTER_IP = 'tcp 10.96.0.10:80'
const LOAD_BALANCER = 'tcp 203.0.113.5:80'

row('A12', 'a Service becomes a LoadBalancer and is a ClusterIP again', async world => {
	world.given(service(), slice())
	await world.settled()
	const before = world.kernel.dump()
	world.kernel.ipvs.setConnections(CLUSTER_IP, '10.244.1.5:8080', 3)
	const untouched = world.kernel.ipvs.servers.get(CLUSTER_IP)?.realServers
	world.change(service({type: 'LoadBalancer'}, {ingress: [{ip: '203.0.113.5'}]}))
	await world.settled()
	expect(world.realServers(LOAD_BALANCER)).to.deep.equal(BOTH)
	expect(world.vips()).to.deep.equal(['10.96.0.10', '203.0.113.5'])
	world.change(service())
	await world.settled()
	expect(Object.keys(world.servers())).to.deep.equal([CLUSTER_IP])
	expect(world.vips()).to.deep.equal(['10.96.0.10'])
	expect(world.kernel.ipvs.servers.get(CLUSTER_IP)?.realServers).to.equal(untouched)
	expect(untouched?.get('10.244.1.5:8080')?.counters.activeConnections).to.equal(3)
	world.kernel.ipvs.setConnections(CLUSTER_IP, '10.244.1.5:8080', 0)
	expect(world.kernel.dump()).to.deep.equal(before)
})
