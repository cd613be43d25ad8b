import {expect} from 'chai'
import {service, slice} from '../objects.ts'
import {row} from '../row.ts'

const PROXY_NAME = 'service.kubernetes.io/service-proxy-name'

row('A3', 'a live Service that is given to another proxy leaves nothing', async world => {
	world.given(slice())
	await world.settled()
	const before = world.kernel.dump()
	world.change(service())
	await world.settled()
	expect(world.vips()).to.deep.equal(['10.96.0.10'])
	world.change(service({}, {labels: {[PROXY_NAME]: ''}}))
	await world.settled()
	expect(world.kernel.dump()).to.deep.equal(before)
})
