import {expect} from 'chai'
import {dualStack} from '../health-check.ts'
import {slice} from '../objects.ts'
import {row} from '../row.ts'

row('D31', 'a health-check node port is open and let through, in both families', async world => {
	world.given(dualStack(32000), slice())
	await world.settled()
	expect(world.set('HEALTH-CHECK-NODE-PORT')).to.deep.equal(['32000'])
	expect(world.set('6-HEALTH-CHECK-NODE-PORT')).to.deep.equal(['32000'])
	expect(world.http.addresses).to.deep.equal(['0.0.0.0:32000', '[::]:32000 ipv6'])
})
