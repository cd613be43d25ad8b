import {expect} from 'chai'
import {port, service, slice} from '../objects.ts'
import {row} from '../row.ts'

const LINK_LOCAL = {interfaces: {eth0: ['192.0.2.10/24', '2001:db8::10/64', 'fe80::1/64']}}

row('D26', 'a node port of IPv6 is not served on link-local addresses', {host: LINK_LOCAL}, async world => {
	const spec = {type: 'NodePort', ports: [port({nodePort: 30080})], clusterIP: 'fd00:96::a'}
	world.given(service(spec), slice(['fd00:244:0:1::5']))
	await world.settled()
	expect(Object.keys(world.servers()).sort()).to.deep.equal(['tcp [2001:db8::10]:30080', 'tcp [fd00:96::a]:80'])
	expect(world.set('6-NODE-PORT-TCP')).to.deep.equal(['30080'])
})
