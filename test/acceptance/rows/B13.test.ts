import {expect} from 'chai'
import {service, slice, slicePort} from '../objects.ts'
import {row} from '../row.ts'

const SERVER = 'tcp 10.96.0.10:80'

row('B13', 'an endpoint under another port number is another real server; the old one drains', async world => {
	world.given(service(), slice(['10.244.1.5']))
	await world.settled()
	world.kernel.ipvs.setConnections(SERVER, '10.244.1.5:8080', 3)
	world.change(slice(['10.244.1.5'], {ports: [slicePort({port: 9090})]}))
	await world.settled()
	expect(world.realServers(SERVER)).to.deep.equal({'10.244.1.5:8080': 0, '10.244.1.5:9090': 1})
	world.kernel.ipvs.setConnections(SERVER, '10.244.1.5:8080', 0)
	await world.settled()
	expect(world.realServers(SERVER)).to.deep.equal({'10.244.1.5:9090': 1})
})
