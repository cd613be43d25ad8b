import {expect} from 'chai'
import {service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('F1', 'the device is made where it is not there', async world => {
	expect(world.kernel.links.find('kube-ipvs0')).to.equal(undefined)
	world.given(service(), slice())
	await world.settled()
	expect(world.kernel.links.find('kube-ipvs0')).not.to.equal(undefined)
	expect(world.vips()).to.deep.equal(['10.96.0.10'])
})
