import {expect} from 'chai'
import {BOTH, port, service, slice, slicePort} from '../objects.ts'
import {row} from '../row.ts'

row('A8', 'a port that is removed takes its virtual server along, not the address', async world => {
	world.given(
		service({ports: [port(), port({name: 'q', port: 81})]}),
		slice(undefined, {ports: [slicePort(), slicePort({name: 'q', port: 8081})]}),
	)
	await world.settled()
	expect(Object.keys(world.servers()).sort()).to.deep.equal(['tcp 10.96.0.10:80', 'tcp 10.96.0.10:81'])
	world.change(service())
	await world.settled()
	expect(Object.keys(world.servers())).to.deep.equal(['tcp 10.96.0.10:80'])
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(BOTH)
	expect(world.vips()).to.deep.equal(['10.96.0.10'])
	expect(world.set('CLUSTER-IP')).to.deep.equal(['10.96.0.10,tcp:80'])
})
