import {expect} from 'chai'
import {node, service, slice} from '../objects.ts'
import {row} from '../row.ts'

const taint = (key: string) => node({taints: [{key, effect: 'NoSchedule'}]})

row('J4', 'load balancers leave a node that the autoscaler is about to delete, and no other', async world => {
	world.given(service(), slice(), taint('ToBeDeletedByClusterAutoscaler'))
	await world.settled()
	const {status, body} = await world.telemetry.probe('/healthz')
	expect(status).to.equal(503)
	expect(body).to.include({healthy: true, nodeEligible: false})
	expect((await world.telemetry.probe('/livez')).status).to.equal(200)
	world.change(taint('node.kubernetes.io/unschedulable'))
	const other = await world.telemetry.probe('/healthz')
	expect(other.status).to.equal(200)
	expect(other.body).to.include({healthy: true, nodeEligible: true})
	expect((await world.telemetry.probe('/livez')).status).to.equal(200)
})
