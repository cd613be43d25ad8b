import {expect} from 'chai'
import {BOTH, port, service, slice, slicePort} from '../objects.ts'
import {row} from '../row.ts'

const TWO_ADDRESSES = {interfaces: {eth0: ['192.0.2.10/24', '192.0.2.11/24']}}

row('D21', 'a node port of SCTP on a node with two addresses', {host: TWO_ADDRESSES}, async world => {
	world.given(
		service({type: 'NodePort', ports: [port({protocol: 'SCTP', nodePort: 30100})]}),
		slice(undefined, {ports: [slicePort({protocol: 'SCTP'})]}),
	)
	await world.settled()
	expect(world.set('NODE-PORT-SCTP-HASH')).to.deep.equal(['192.0.2.10,sctp:30100', '192.0.2.11,sctp:30100'])
	expect(world.realServers('sctp 192.0.2.10:30100')).to.deep.equal(BOTH)
	expect(world.realServers('sctp 192.0.2.11:30100')).to.deep.equal(BOTH)
})
