import {expect} from 'chai'
import {LOCAL, service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('G8', 'a virtual server that vanishes while a real server of it drains is no trouble', async world => {
	world.given(service(), slice())
	await world.settled()
	world.kernel.ipvs.setConnections('tcp 10.96.0.10:80', '10.244.2.5:8080', 3)
	world.change(slice(['10.244.1.5']))
	await world.settled()
	world.kernel.ipvs.servers.delete('tcp 10.96.0.10:80')
	await world.advance(5000)
	await world.settled()
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(LOCAL)
	if (world.isQuiet) {
		const errors = world.observer.syncs.flatMap(({outcomes}) => outcomes.filter(({error}) => error !== undefined))
		expect([...errors, ...world.observer.failures]).to.deep.equal([])
	}
})
