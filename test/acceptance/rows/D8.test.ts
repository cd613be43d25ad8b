import {expect} from 'chai'
import {service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('D8', 'external IPs of both families on a Service of one', async world => {
	world.given(service({externalIPs: ['203.0.113.7', '2001:db8:f::7']}), slice())
	await world.settled()
	expect(Object.keys(world.servers()).sort()).to.deep.equal(['tcp 10.96.0.10:80', 'tcp 203.0.113.7:80'])
	expect(world.vips()).to.deep.equal(['10.96.0.10', '203.0.113.7'])
	expect(world.set('6-EXTERNAL-IP')).to.deep.equal([])
})
