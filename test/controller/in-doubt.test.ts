import {expect} from 'chai'
import {service, slice} from '../acceptance/objects.ts'
import {World} from '../acceptance/world.ts'

/** Rules of IPv6 were deleted, and whatever is tried, they cannot be restored. */
const startBroken = async (): Promise<World> => {
	const world = new World({config: {auditInterval: '30s'}}, undefined)
	world.given(service(), slice())
	await world.settled()
	const broken = {kind: 'exec', program: 'ip6tables-nft-restore', exitCode: 4, stderr: 'broken'} as const
	world.kernel.failNext(broken, Number.POSITIVE_INFINITY)
	world.kernel.iptables.tables('ipv6').get('nat')?.get('KUBE-SERVICES')?.rules.splice(0)
	await world.advance(120_000)
	return world
}

describe('while the rules of one family cannot be restored', () => {
	it('changes of the other family are served', async () => {
		const world = await startBroken()
		world.change(slice(['10.244.1.6']))
		await world.advance(1000)
		expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal({'10.244.1.6:8080': 1})
		await world.stop()
	})

	it("what changes is nobody else's doing, though it is an audit that brings it", async () => {
		const world = await startBroken()
		const drift = () => world.metric('kube_lvs_drift_found_total', {operation: 'add-real-server'})
		expect(await drift()).to.equal(0)
		const before = world.observer.syncs.length
		world.change(slice(['10.244.1.6']))
		await world.advance(120_000)
		const bringing = world.observer.syncs.slice(before).filter(({done}) => done.has('add-real-server'))
		expect(bringing.map(({kind}) => kind)).to.deep.equal(['audit'])
		expect(await drift()).to.equal(0)
		await world.stop()
	})

	it('what drains goes when its connections end', async () => {
		const world = await startBroken()
		world.kernel.ipvs.setConnections('tcp 10.96.0.10:80', '10.244.2.5:8080', 2)
		world.change(slice(['10.244.1.5']))
		await world.advance(1000)
		expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal({'10.244.1.5:8080': 1, '10.244.2.5:8080': 0})
		world.kernel.ipvs.setConnections('tcp 10.96.0.10:80', '10.244.2.5:8080', 0)
		await world.advance(120_000)
		expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal({'10.244.1.5:8080': 1})
		await world.stop()
	})

	it('a look at what drains does not try them once more', async () => {
		const world = await startBroken()
		world.kernel.ipvs.setConnections('tcp 10.96.0.10:80', '10.244.2.5:8080', 2)
		world.change(slice(['10.244.1.5']))
		await world.advance(1000)
		world.mark()
		const before = world.observer.syncs.length
		await world.advance(120_000)
		const audits = world.observer.syncs.slice(before).filter(({kind}) => kind === 'audit')
		const restores = world.calls().filter(call => 'program' in call && call.program === 'ip6tables-nft-restore')
		expect(audits).to.not.deep.equal([])
		expect(restores).to.have.length(audits.length)
		await world.stop()
	})

	it('the kernel is read ever more rarely, not all the time', async () => {
		const world = await startBroken()
		const before = world.observer.syncs.length
		await world.advance(120_000)
		expect(world.observer.syncs.length - before).to.be.within(2, 12)
		await world.stop()
	})
})

describe('while the kernel cannot be read', () => {
	it('what drains does not make us try all the time', async () => {
		const world = new World({config: {auditInterval: '30s', drainInterval: '1s'}}, undefined)
		world.given(service(), slice())
		await world.settled()
		world.kernel.ipvs.setConnections('tcp 10.96.0.10:80', '10.244.2.5:8080', 1)
		world.change(slice(['10.244.1.5']))
		await world.advance(1000)
		world.kernel.failNext({kind: 'errno', command: 'get-sets', errno: 'EPERM'}, Number.POSITIVE_INFINITY)
		await world.advance(120_000)
		expect(world.observer.failures.length).to.be.within(2, 12)
		await world.stop()
	})
})
