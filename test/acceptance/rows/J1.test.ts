import {expect} from 'chai'
import {service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('J1', 'an idle proxy is healthy for as long as it is idle', {config: {auditInterval: '30s'}}, async world => {
	world.given(service(), slice())
	await world.settled()
	await world.advance(600_000)
	const now = new Date(world.clock.now()).toISOString()
	for (const path of ['/healthz', '/livez']) {
		const {status, body} = await world.telemetry.probe(path)
		expect(status, path).to.equal(200)
		expect(body, path).to.include({lastUpdated: now, currentTime: now, healthy: true})
	}
})
