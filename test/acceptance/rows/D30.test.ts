import {expect} from 'chai'
import {BOTH, port, service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('D30', 'another scheduler after a restart changes the virtual servers in place', async world => {
	world.given(service({type: 'NodePort', ports: [port({nodePort: 30080})]}), slice())
	await world.settled()
	world.kernel.ipvs.setConnections('tcp 10.96.0.10:80', '10.244.2.5:8080', 7, 2)
	world.mark()
	await world.restart({scheduler: 'wrr'})
	await world.settled()
	for (const server of ['tcp 10.96.0.10:80', 'tcp 192.0.2.10:30080']) {
		expect(world.servers()[server]?.scheduler).to.equal('wrr')
		expect(world.realServers(server)).to.deep.equal(BOTH)
	}
	const counters = world.kernel.ipvs.servers.get('tcp 10.96.0.10:80')?.realServers.get('10.244.2.5:8080')?.counters
	expect(counters).to.deep.equal({activeConnections: 7, inactiveConnections: 2})
	if (world.isQuiet) {
		const change = {door: 'netlink', command: 'set-service'}
		expect(world.writes()).to.deep.equal([change, change])
	}
})
