import {expect} from 'chai'
import {service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('A1', 'a headless Service has nothing in the kernel', async world => {
	world.given(service({clusterIP: 'None'}), slice())
	await world.settled()
	expect(world.servers()).to.deep.equal({})
	expect(world.vips()).to.deep.equal([])
	const members = [...world.kernel.ipset.sets.values()].flatMap(({entries}) => [...entries.keys()])
	expect(members).to.deep.equal([])
})
