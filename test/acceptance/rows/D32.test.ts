import {expect} from 'chai'
import {balanced} from '../health-check.ts'
import {slice} from '../objects.ts'
import {row} from '../row.ts'

row('D32', 'with externalTrafficPolicy Cluster there is no health-check node port', async world => {
	world.given(balanced(32000, {externalTrafficPolicy: 'Cluster'}), slice())
	await world.settled()
	expect(world.set('HEALTH-CHECK-NODE-PORT')).to.deep.equal([])
	expect(world.http.addresses).to.deep.equal([])
})
