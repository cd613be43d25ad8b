import {expect} from 'chai'
import {nodePortServers, primaryNodePorts} from '../primary-addresses.ts'
import {row} from '../row.ts'

row('K8', "node ports are served on the node's primary addresses only", primaryNodePorts(), async world => {
	expect(await nodePortServers(world)).to.have.members(['tcp 192.0.2.10:30080', 'tcp [2001:db8::10]:30080'])
})
