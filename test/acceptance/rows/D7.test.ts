import {expect} from 'chai'
import {BOTH, service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('D7', 'an external IP that is an address of the node is served, but not bound', async world => {
	world.given(service({externalIPs: ['192.0.2.10']}), slice())
	await world.settled()
	expect(world.realServers('tcp 192.0.2.10:80')).to.deep.equal(BOTH)
	expect(world.set('EXTERNAL-IP')).to.deep.equal(['192.0.2.10,tcp:80'])
	expect(world.vips()).to.deep.equal(['10.96.0.10'])
	expect(world.set('IPVS-IPS')).to.deep.equal(['10.96.0.10'])
})
