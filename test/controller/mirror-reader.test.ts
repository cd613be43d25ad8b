import {expect} from 'chai'
import {MirrorReader} from '../../src/controller/mirror-reader.ts'
import {openKernel} from '../../src/kernel/kernel.ts'
import type {Mirror} from '../../src/plan/mirror.ts'
import type {ActualSet} from '../../src/state/node-state.ts'
import {service, slice} from '../acceptance/objects.ts'
import {World} from '../acceptance/world.ts'
import {wanted} from '../plan/build.ts'
import {address} from '../state/build.ts'

const SET = 'KUBE-CLUSTER-IP'
const ENTRY = '10.96.0.10,tcp:80'
const NOTHING = wanted({})

describe('what is read of the kernel', () => {
	let world: World
	let reader: MirrorReader
	let mirror: Mirror
	const entries = (): ActualSet['entries'] | undefined => mirror.sets.get(SET)?.entries

	beforeEach(async () => {
		world = new World({}, undefined)
		world.given(service(), slice())
		await world.settled()
		reader = new MirrorReader(openKernel(world.kernel.doors), world.clock, () => undefined)
		mirror = await reader.take(undefined, NOTHING, true)
	})

	afterEach(() => world.stop())

	it('is in the tables that were there before', async () => {
		const tables = () => [mirror, mirror.virtualServers, mirror.bindings, entries()]
		const before = tables()
		world.kernel.ipvs.servers.clear()
		reader.begin(mirror, NOTHING)
		expect(await reader.take(mirror, NOTHING, false)).to.equal(mirror)
		expect(tables().every((table, at) => table === before[at])).to.equal(true)
		expect(entries()?.has(ENTRY)).to.equal(true)
		expect(mirror.virtualServers.size).to.equal(0)
	})

	it('is kept up by what is recorded before it is taken', async () => {
		reader.begin(mirror, NOTHING)
		await reader.settled()
		mirror.record({kind: 'unbind-vip', address: address('10.96.0.10'), binding: 'address'})
		await reader.take(mirror, NOTHING, false)
		expect(mirror.bindings.size).to.equal(0)
	})

	it('is read once more where it was in doubt meanwhile', async () => {
		reader.begin(mirror, NOTHING)
		await reader.settled()
		world.kernel.ipvs.servers.clear()
		await reader.take(mirror, NOTHING, true)
		expect(mirror.virtualServers.size).to.equal(0)
	})

	it('is as before where nothing can be read, and read again after that', async () => {
		// As often as one request is tried.
		world.kernel.loseReplies(5)
		reader.begin(mirror, NOTHING)
		expect(await reader.take(mirror, NOTHING, false).catch(error => error)).to.be.an('error')
		expect(mirror.virtualServers.size).to.equal(1)
		world.kernel.ipvs.servers.clear()
		await reader.take(mirror, NOTHING, true)
		expect(mirror.virtualServers.size).to.equal(0)
	})
})
