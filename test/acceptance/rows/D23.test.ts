import {expect} from 'chai'
import {port, service, slice} from '../objects.ts'
import {row} from '../row.ts'

const SETTINGS = {
	config: {nodePortAddresses: ['192.0.2.0/24']},
	host: {interfaces: {eth0: ['192.0.2.10/24', '2001:db8::10/64'], eth1: ['198.51.100.1/24']}},
}

row('D23', 'node ports on the addresses in nodePortAddresses only', SETTINGS, async world => {
	world.given(service({type: 'NodePort', ports: [port({nodePort: 30080})]}), slice())
	await world.settled()
	expect(Object.keys(world.servers()).sort()).to.deep.equal(['tcp 10.96.0.10:80', 'tcp 192.0.2.10:30080'])
})
