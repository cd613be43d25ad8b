import {expect} from 'chai'
import {service} from '../objects.ts'
import {row} from '../row.ts'

row('D3', 'a Service without endpoints refuses, and does not hang', async world => {
	world.given(service())
	await world.settled()
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal({})
	expect(world.vips()).to.deep.equal(['10.96.0.10'])
	expect(world.set('CLUSTER-IP')).to.deep.equal(['10.96.0.10,tcp:80'])
})
