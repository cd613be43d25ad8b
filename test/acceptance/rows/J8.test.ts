import {expect} from 'chai'
import {askHealthCheck, dualStack} from '../health-check.ts'
import {breakIPv6, DEFAULT_AUDITS} from '../late-ipv6.ts'
import {row} from '../row.ts'

row('J8', 'a node whose proxy is late gets no new connections', DEFAULT_AUDITS, async world => {
	await breakIPv6(world, dualStack(32000))
	await world.advance(61_000)
	const late = await askHealthCheck(world, '0.0.0.0:32000')
	expect(late.status).to.equal(503)
	expect(late.weight).to.equal('2')
	expect(late.body).to.include({localEndpoints: 2, serviceProxyHealthy: false})
	world.kernel.faults.clear()
	await world.settled()
	const {status, body} = await askHealthCheck(world, '0.0.0.0:32000')
	expect(status).to.equal(200)
	expect(body).to.include({localEndpoints: 2, serviceProxyHealthy: true})
})
