import {expect} from 'chai'
import {service, slice} from '../acceptance/objects.ts'
import {World} from '../acceptance/world.ts'

/** The address of node `n1`; other nodes leave it to that one. */
const OWN = '192.0.2.10'

const CASES = [
	{address: '203.0.113.7', isOfNode: undefined},
	{address: OWN, isOfNode: true},
] as const

describe('an address that an older Service holds', () => {
	for (const {address, isOfNode} of CASES) {
		it(`${address}: is ${isOfNode ? 'a problem of this node' : 'the same problem on every node'}`, async () => {
			const world = new World({}, undefined)
			const young = {name: 'young', creationTimestamp: '2026-02-01T00:00:00Z'}
			world.given(
				service({externalIPs: [address]}),
				slice(),
				service({clusterIP: '10.96.0.11', externalIPs: [address]}, young),
			)
			await world.settled()
			const problems = world.observer.problemsOf.get('ns/young') ?? []
			expect(problems.map(({reason, isOfNode}) => ({reason, isOfNode}))).to.deep.equal([
				{reason: 'AddressInUse', isOfNode},
			])
			await world.stop()
		})
	}
})
