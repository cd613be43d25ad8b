import {expect} from 'chai'
import {port, service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('D19', 'a node port', async world => {
	world.given(service({type: 'NodePort', ports: [port({nodePort: 30080})]}), slice())
	await world.settled()
	expect(Object.keys(world.servers()).sort()).to.deep.equal(['tcp 10.96.0.10:80', 'tcp 192.0.2.10:30080'])
	expect(world.servers()['tcp 192.0.2.10:30080']?.realServers).to.deep.equal({
		'10.244.1.5:8080': 1,
		'10.244.2.5:8080': 1,
	})
	expect(world.vips()).to.deep.equal(['10.96.0.10'])
	expect(world.set('NODE-PORT-TCP')).to.deep.equal(['30080'])
	expect(world.set('NODE-PORT-LOCAL-TCP')).to.deep.equal([])
})
