import {expect} from 'chai'
import {service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('A2', 'a Service of type ExternalName, even with a ClusterIP, has nothing in the kernel', async world => {
	world.given()
	await world.settled()
	const before = world.kernel.dump()
	world.change(service({type: 'ExternalName', externalName: 'a.example.org', externalIPs: ['203.0.113.7']}), slice())
	await world.settled()
	expect(world.kernel.dump()).to.deep.equal(before)
})
