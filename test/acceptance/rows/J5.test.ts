import {expect} from 'chai'
import {node, service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('J5', 'load balancers leave a node that is being deleted, the kubelet keeps its proxy', async world => {
	world.given(service(), slice())
	await world.settled()
	expect((await world.telemetry.probe('/healthz')).status).to.equal(200)
	world.change(node({deletionTimestamp: '2026-01-01T00:00:00Z'}))
	expect((await world.telemetry.probe('/healthz')).status).to.equal(503)
	const live = await world.telemetry.probe('/livez')
	expect(live.status).to.equal(200)
	expect(live.body).to.not.have.property('nodeEligible')
	world.remove(node())
	expect((await world.telemetry.probe('/healthz')).status).to.equal(503)
})
