import {expect} from 'chai'
import {BOTH, service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('G5', 'an endpoint that comes back while it drains gets its weight back, its connections live', async world => {
	world.given(service(), slice())
	await world.settled()
	world.kernel.ipvs.setConnections('tcp 10.96.0.10:80', '10.244.2.5:8080', 3)
	world.change(slice(['10.244.1.5']))
	await world.settled()
	world.change(slice())
	await world.settled()
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(BOTH)
	const server = world.kernel.ipvs.servers.get('tcp 10.96.0.10:80')
	expect(server?.realServers.get('10.244.2.5:8080')?.counters.activeConnections).to.equal(3)
	// It is not on any list of what is to go.
	world.kernel.ipvs.setConnections('tcp 10.96.0.10:80', '10.244.2.5:8080', 0)
	await world.advance(5000)
	await world.settled()
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(BOTH)
})
