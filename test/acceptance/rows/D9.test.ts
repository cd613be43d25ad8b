import {expect} from 'chai'
import {service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('D9', 'external IPs are not served when that is switched off', {config: {serveExternalIPs: false}}, async world => {
	world.given(service({externalIPs: ['203.0.113.7']}), slice())
	await world.settled()
	expect(Object.keys(world.servers())).to.deep.equal(['tcp 10.96.0.10:80'])
	expect(world.vips()).to.deep.equal(['10.96.0.10'])
	expect(world.set('EXTERNAL-IP')).to.deep.equal([])
})
