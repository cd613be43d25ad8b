import {expect} from 'chai'
import {breakIPv6, DEFAULT_AUDITS} from '../late-ipv6.ts'
import {row} from '../row.ts'

row('J2', 'a request of IPv6 that waits for a minute makes the proxy unhealthy', DEFAULT_AUDITS, async world => {
	await breakIPv6(world)
	await world.advance(59_000)
	expect((await world.telemetry.probe('/livez')).body.status.IPv6.healthy).to.equal(true)
	await world.advance(2000)
	for (const path of ['/healthz', '/livez']) {
		const {status, body} = await world.telemetry.probe(path)
		expect(status, path).to.equal(503)
		expect(body.healthy, path).to.equal(false)
		expect(body.status.IPv6.healthy, path).to.equal(false)
		if (world.isQuiet) {
			expect(body.status.IPv4.healthy, path).to.equal(true)
		}
	}
})
