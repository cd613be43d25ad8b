import {expect} from 'chai'
import type {Address} from '../../../src/net/address.ts'
import {BOTH, port, service, slice} from '../objects.ts'
import {row} from '../row.ts'

const ADDRESS = '192.0.2.11' as Address

row('D27', 'node ports follow the addresses of the node', async world => {
	world.given(service({type: 'NodePort', ports: [port({nodePort: 30080})]}), slice())
	await world.settled()
	const eth0 = world.kernel.links.find('eth0')
	eth0?.addresses.set(ADDRESS, 24)
	if (world.isQuiet) {
		await world.advance(1200)
		expect(world.realServers('tcp 192.0.2.11:30080')).to.deep.equal(BOTH)
	}
	await world.settled()
	expect(world.realServers('tcp 192.0.2.11:30080')).to.deep.equal(BOTH)
	eth0?.addresses.delete(ADDRESS)
	await world.settled()
	expect(Object.keys(world.servers()).sort()).to.deep.equal(['tcp 10.96.0.10:80', 'tcp 192.0.2.10:30080'])
})

row('D27', 'connections to an address that the node has lost drain', async world => {
	const server = 'tcp 192.0.2.11:30080'
	const eth0 = world.kernel.links.find('eth0')
	eth0?.addresses.set(ADDRESS, 24)
	world.given(service({type: 'NodePort', ports: [port({nodePort: 30080})]}), slice())
	await world.settled()
	world.kernel.ipvs.setConnections(server, '10.244.1.5:8080', 2)
	eth0?.addresses.delete(ADDRESS)
	await world.settled()
	expect(world.realServers(server)).to.deep.equal({'10.244.1.5:8080': 0})
	eth0?.addresses.set(ADDRESS, 24)
	await world.settled()
	expect(world.realServers(server)).to.deep.equal(BOTH)
	eth0?.addresses.delete(ADDRESS)
	await world.settled()
	world.kernel.ipvs.setConnections(server, '10.244.1.5:8080', 0)
	await world.settled()
	expect(world.servers()).to.not.have.property(server)
})

row('D27', 'an address that the node loses while nobody looks takes its virtual servers along', async world => {
	const eth0 = world.kernel.links.find('eth0')
	eth0?.addresses.set(ADDRESS, 24)
	world.given(service({type: 'NodePort', ports: [port({nodePort: 30080})]}), slice())
	await world.settled()
	await world.stop()
	eth0?.addresses.delete(ADDRESS)
	await world.restart()
	await world.settled()
	expect(world.servers()).to.have.all.keys('tcp 10.96.0.10:80', 'tcp 192.0.2.10:30080')
})
