import {expect} from 'chai'
import {balanced} from '../health-check.ts'
import {slice} from '../objects.ts'
import {row} from '../row.ts'

row('D33', 'a health-check node port moves with its Service', async world => {
	world.given(balanced(32000), slice())
	await world.settled()
	world.change(balanced(32001))
	await world.settled()
	expect(world.set('HEALTH-CHECK-NODE-PORT')).to.deep.equal(['32001'])
	expect(world.http.addresses).to.deep.equal(['0.0.0.0:32001'])
})
