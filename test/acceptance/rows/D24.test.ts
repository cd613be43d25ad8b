import {expect} from 'chai'
import {BOTH, port, service, slice} from '../objects.ts'
import {row} from '../row.ts'

row(
	'D24',
	'nodePortAddresses that the node does not have',
	{config: {nodePortAddresses: ['10.99.0.0/16']}},
	async world => {
		world.given(service({type: 'NodePort', ports: [port({nodePort: 30080})]}), slice())
		await world.settled()
		expect(Object.keys(world.servers())).to.deep.equal(['tcp 10.96.0.10:80'])
		expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(BOTH)
		expect(world.set('NODE-PORT-TCP')).to.deep.equal([])
	},
)
