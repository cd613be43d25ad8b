import {expect} from 'chai'
import {BOTH, port, service, slice, slicePort} from '../objects.ts'
import {row} from '../row.ts'

row('A7', 'a second port is a second virtual server on the same address', async world => {
	world.given(service(), slice())
	await world.settled()
	world.change(
		service({ports: [port(), port({name: 'q', port: 81, protocol: 'UDP'})]}),
		slice(undefined, {ports: [slicePort(), slicePort({name: 'q', port: 8081, protocol: 'UDP'})]}),
	)
	await world.settled()
	expect(Object.keys(world.servers()).sort()).to.deep.equal(['tcp 10.96.0.10:80', 'udp 10.96.0.10:81'])
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(BOTH)
	expect(world.realServers('udp 10.96.0.10:81')).to.deep.equal({'10.244.1.5:8081': 1, '10.244.2.5:8081': 1})
	expect(world.vips()).to.deep.equal(['10.96.0.10'])
	expect(world.set('CLUSTER-IP')).to.deep.equal(['10.96.0.10,tcp:80', '10.96.0.10,udp:81'])
	expect(world.set('IPVS-IPS')).to.deep.equal(['10.96.0.10'])
})
