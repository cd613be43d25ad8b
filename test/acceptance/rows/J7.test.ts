import {expect} from 'chai'
import {askHealthCheck, balanced} from '../health-check.ts'
import {endpoint, slice, TERMINATING} from '../objects.ts'
import {row} from '../row.ts'

row('J7', 'a node whose pods are all terminating gets no new connections', async world => {
	world.given(balanced(32000), slice([endpoint('10.244.1.5', TERMINATING), endpoint('10.244.1.6', TERMINATING)]))
	await world.settled()
	const {status, weight, body} = await askHealthCheck(world, '0.0.0.0:32000')
	expect(status).to.equal(503)
	expect(weight).to.equal('0')
	expect(body).to.include({localEndpoints: 0, serviceProxyHealthy: true})
})
