import {expect} from 'chai'
import {service, slice} from '../acceptance/objects.ts'
import {World} from '../acceptance/world.ts'

const SERVER = 'tcp 10.96.0.10:80'
const LEAVING = '10.244.2.5:8080'

/** A node on which an endpoint has three connections that never end. */
const busyWorld = async (auditInterval = '1s'): Promise<World> => {
	const world = new World({config: {drainDeadline: '1m', drainInterval: '5s', auditInterval}}, undefined)
	world.given(service(), slice())
	await world.settled()
	world.kernel.ipvs.setConnections(SERVER, LEAVING, 3)
	return world
}

const weightOf = (world: World): number | string | undefined => world.realServers(SERVER)?.[LEAVING]

describe('a drain that does not end', () => {
	let world: World

	beforeEach(async () => {
		world = await busyWorld()
	})

	afterEach(() => world.stop())

	/** A minute from now, and not before. */
	const expectEndAtDeadline = async () => {
		await world.advance(58_000)
		expect(weightOf(world)).to.equal(0)
		await world.advance(8000)
		expect(weightOf(world)).to.equal(undefined)
	}

	it('ends at the deadline, not before', async () => {
		world.change(slice(['10.244.1.5']))
		await expectEndAtDeadline()
	})

	it('has all of its time when the endpoint has been back meanwhile, however briefly', async () => {
		world.change(slice(['10.244.1.5']))
		await world.advance(57_000)
		world.change(slice())
		await world.advance(1000)
		expect(weightOf(world)).to.equal(1)
		world.change(slice(['10.244.1.5']))
		await expectEndAtDeadline()
	})

	it('has all of its time after a restart', async () => {
		world.change(slice(['10.244.1.5']))
		await world.advance(50_000)
		await world.restart()
		await expectEndAtDeadline()
	})

	it('keeps a Service that is gone, and its VIP, until then', async () => {
		world.remove(service())
		await world.advance(58_000)
		expect(weightOf(world)).to.equal(0)
		expect(world.vips()).to.include('10.96.0.10')
		await world.advance(8000)
		expect(world.servers()).to.not.have.property(SERVER)
		expect(world.vips()).to.not.include('10.96.0.10')
	})
})

describe('the drain deadline of a Service', () => {
	const asking = (deadline: string) => service({}, {annotations: {'kube-lvs.io/drain-deadline': deadline}})
	let world: World

	beforeEach(async () => {
		// What happens at a deadline does not wait for an audit.
		world = await busyWorld('1h')
	})

	afterEach(() => world.stop())

	for (const [deadline, milliseconds] of [
		['1s', 1000],
		['2m', 120_000],
	] as const) {
		it(`stands instead of the configured one, to the second: ${deadline}`, async () => {
			world.change(asking(deadline))
			await world.advance(500)
			world.change(slice(['10.244.1.5']))
			await world.advance(milliseconds - 500)
			expect(weightOf(world)).to.equal(0)
			await world.advance(1500)
			expect(weightOf(world)).to.equal(undefined)
		})
	}

	it('of nothing cuts connections at once', async () => {
		world.change(asking('0s'), slice(['10.244.1.5']))
		await world.advance(500)
		expect(weightOf(world)).to.equal(undefined)
	})

	it('counts on when the Service is deleted', async () => {
		world.change(asking('2m'))
		await world.advance(500)
		world.remove(asking('2m'))
		await world.advance(100_000)
		expect(weightOf(world)).to.equal(0)
		await world.advance(25_000)
		expect(world.servers()).to.not.have.property(SERVER)
	})
})
