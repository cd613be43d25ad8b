import {expect} from 'chai'
import {endpoint, service, slice, TERMINATING} from '../objects.ts'
import {row} from '../row.ts'

const withConditions = (address: string, conditions: object | null) => ({...endpoint(address), conditions})

row('B7', 'an endpoint without conditions is ready, serving and not terminating', async world => {
	world.given(
		service(),
		slice([
			withConditions('10.244.1.5', null),
			withConditions('10.244.1.6', {}),
			withConditions('10.244.2.5', {ready: null, serving: null, terminating: null}),
			// Would be served if the others were terminating too.
			endpoint('10.244.2.6', TERMINATING),
		]),
	)
	await world.settled()
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal({
		'10.244.1.5:8080': 1,
		'10.244.1.6:8080': 1,
		'10.244.2.5:8080': 1,
	})
})
