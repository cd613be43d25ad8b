import {expect} from 'chai'
import {LOCAL, service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('G3', 'connections that are about to end keep a removed endpoint, too', async world => {
	world.given(service(), slice())
	await world.settled()
	world.kernel.ipvs.setConnections('tcp 10.96.0.10:80', '10.244.2.5:8080', 0, 2)
	world.change(slice(['10.244.1.5']))
	await world.settled()
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal({...LOCAL, '10.244.2.5:8080': 0})
	world.kernel.ipvs.setConnections('tcp 10.96.0.10:80', '10.244.2.5:8080', 0, 0)
	await world.advance(1000)
	if (world.isQuiet) {
		expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(LOCAL)
	}
	await world.settled()
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(LOCAL)
})
