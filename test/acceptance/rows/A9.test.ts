import {expect} from 'chai'
import {port, service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('A9', 'a Service that is deleted leaves nothing', async world => {
	world.given()
	await world.settled()
	const before = world.kernel.dump()
	const nodePort = service({type: 'NodePort', ports: [port({nodePort: 30080})], externalIPs: ['203.0.113.7']})
	world.change(nodePort, slice())
	await world.settled()
	expect(Object.keys(world.servers())).to.have.length(3)
	world.remove(nodePort)
	await world.settled()
	expect(world.kernel.dump()).to.deep.equal(before)
})
