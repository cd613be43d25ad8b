import {expect} from 'chai'
import {endConnections, SERVER, startDraining} from '../acceptance/draining.ts'
import {LOCAL, service, slice} from '../acceptance/objects.ts'
import {World} from '../acceptance/world.ts'
import {virtualServer} from '../state/build.ts'

describe('what the metrics tell of a node', () => {
	let world: World
	const drift = async (operation: string) => ({
		found: await world.metric('kube_lvs_drift_found_total', {operation}),
		repaired: await world.metric('kube_lvs_drift_repaired_total', {operation}),
	})

	beforeEach(() => {
		world = new World({}, undefined)
	})
	afterEach(() => world.stop())

	it('is how many endpoints drain, until they are gone', async () => {
		await startDraining(world, 1)
		expect(await world.metric('kube_lvs_draining_endpoints')).to.equal(1)
		endConnections(world)
		await world.settled()
		expect(await world.metric('kube_lvs_draining_endpoints')).to.equal(0)
	})

	it('is what somebody broke and an audit mended, and not what it was to do anyway', async () => {
		await startDraining(world, 1)
		endConnections(world)
		await world.settled()
		expect(await drift('delete-real-server')).to.deep.equal({found: 0, repaired: 0})
		expect(await drift('add-virtual-server')).to.deep.equal({found: 0, repaired: 0})
		world.kernel.ipvs.servers.clear()
		await world.settled()
		expect(world.realServers(SERVER)).to.deep.equal(LOCAL)
		expect(await drift('add-virtual-server')).to.deep.equal({found: 1, repaired: 1})
		expect(await drift('add-real-server')).to.deep.equal({found: 1, repaired: 1})
	})

	it('is what an audit could not mend', async () => {
		world.given(service(), slice())
		await world.settled()
		world.kernel.ipvs.servers.clear()
		world.kernel.faults.plan({kind: 'errno', errno: 'EINVAL', command: 'new-service'}, 100)
		await world.advance(1000)
		expect(await drift('add-virtual-server')).to.deep.equal({found: 1, repaired: 0})
	})

	it('is what waits for a sync', async () => {
		const waiting = async () => [
			await world.metric('kube_lvs_pending_changes', {kind: 'Service'}),
			await world.metric('kube_lvs_pending_changes', {kind: 'EndpointSlice'}),
		]
		world.given(service(), slice())
		await world.settled()
		expect(await waiting()).to.deep.equal([0, 0])
		world.change(service({externalIPs: ['203.0.113.1']}), slice(['10.244.1.5']))
		expect(await waiting()).to.deep.equal([1, 1])
		await world.settled()
		expect(await waiting()).to.deep.equal([0, 0])
	})

	it('is how many virtual servers are ours and how many are of others', async () => {
		world.given(service(), slice())
		world.kernel.ipvs.load(virtualServer('tcp 198.51.100.1:80'))
		await world.settled()
		expect(await world.metric('kube_lvs_services')).to.equal(1)
		expect(await world.metric('kube_lvs_virtual_servers')).to.equal(1)
		expect(await world.metric('kube_lvs_foreign_virtual_servers')).to.equal(1)
	})

	it('is how full each set is', async () => {
		world.given(service(), slice())
		await world.settled()
		expect(await world.metric('kube_lvs_set_entries', {set: 'KUBE-CLUSTER-IP'})).to.equal(1)
		expect(await world.metric('kube_lvs_set_fill_ratio', {set: 'KUBE-CLUSTER-IP'})).to.equal(1 / 65_536)
	})

	it('is what the kernel can and cannot do', async () => {
		await world.stop()
		world = new World({facts: {kernelVersion: [5, 2], hasPolicyRules: false}}, undefined)
		world.given(service(), slice())
		await world.settled()
		const has = (feature: string) => world.metric('kube_lvs_kernel_feature', {feature})
		expect(await has('scheduler rr')).to.equal(1)
		expect(await has('tunnel gue')).to.equal(1)
		expect(await has('tunnel gre')).to.equal(0)
		expect(await has('policy rules')).to.equal(0)
		expect(await has('engine sip')).to.equal(undefined)
	})

	it('is how long each stage of a sync took', async () => {
		world.given(service(), slice())
		await world.settled()
		const stages = async (kind: string) => {
			const text = (await world.telemetry.ask('/metrics')) ?? ''
			const counts = text.matchAll(/^kube_lvs_sync_stage_duration_seconds_count{kind="(\w+)",stage="(\w+)"} (\d+)$/gm)
			return [...counts].filter(([, of, , count]) => of === kind && count !== '0').map(([, , stage]) => stage)
		}
		expect(await stages('first')).to.have.members(['read', 'compile', 'plan', 'apply', 'drain'])
		expect(await stages('audit')).to.have.members(['read', 'plan', 'apply', 'drain'])
		world.change(slice(['10.244.1.5']))
		await world.settled()
		expect(await stages('change')).to.have.members(['compile', 'plan', 'apply', 'drain'])
	})
})
