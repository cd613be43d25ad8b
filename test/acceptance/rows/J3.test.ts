import {expect} from 'chai'
import {breakIPv6, DEFAULT_AUDITS} from '../late-ipv6.ts'
import {slice} from '../objects.ts'
import {row} from '../row.ts'

row('J3', 'only a sync of the family that is late makes the proxy healthy again', DEFAULT_AUDITS, async world => {
	await breakIPv6(world)
	await world.advance(61_000)
	world.change(slice(['10.244.1.7']))
	await world.advance(10_000)
	expect((await world.telemetry.probe('/livez')).status).to.equal(503)
	world.kernel.faults.clear()
	await world.settled()
	expect((await world.telemetry.probe('/livez')).status).to.equal(200)
	expect((await world.telemetry.probe('/healthz')).status).to.equal(200)
})
