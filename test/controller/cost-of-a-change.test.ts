import {expect} from 'chai'
import {formatOperation} from '../../src/plan/format-operation.ts'
import {World} from '../acceptance/world.ts'
import {CallCounter} from '../support/steps/count-calls.ts'
import {countVisits} from '../support/steps/count-visits.ts'
import {allChanges, BYSTANDERS, type Change, connect} from './lives-of-services.ts'
import {elsewhereOf, localEndpoints, manyServices} from './many-services.ts'
import {NEEDED} from './needed-operations.ts'

/** Not so many that VIPs are bound in another way. */
const [FEW, MANY] = [50, 900]

/** V8 does not count the first calls of a function exactly. */
const INEXACT = 20

/** What came of one change. */
interface Measured {
	/** What was done to the kernel, a line each. */
	readonly operations: readonly string[]
	/** All that the kernel was asked or told. */
	readonly calls: readonly string[]
	/** What was done for it: by function how often it was called, by line how many elements it visited. */
	readonly steps: ReadonlyMap<string, number>
}

const measure = async (world: World, counter: CallCounter, change: Change): Promise<Measured> => {
	const from = world.observer.syncs.length
	world.mark()
	const visits = await countVisits(async () => {
		change(world)
		await world.advance(1000)
	})
	const outcomes = world.observer.syncs.slice(from).flatMap(({outcomes}) => outcomes)
	return {
		operations: outcomes.map(({operation, error}) => `${formatOperation(operation)}${error ? ' FAILED' : ''}`),
		calls: world.calls().map(call => JSON.stringify(call)),
		steps: new Map([...visits, ...(await counter.take())]),
	}
}

const measureAll = async (world: World): Promise<ReadonlyMap<string, Measured>> => {
	const all = new Map<string, Measured>()
	const counter = new CallCounter()
	await counter.start()
	await counter.take()
	for (const [name, change] of allChanges()) {
		all.set(name, await measure(world, counter, change))
	}
	await counter.stop()
	await world.stop()
	return all
}

/** A node of a cluster of so many Services; others have made as many chains there. */
const startWorld = async (services: number, drainInterval: string): Promise<World> => {
	const world = new World({config: {auditInterval: '1h', drainInterval}}, undefined)
	const chains = Array.from({length: services}, (_, at) => `:OTHER-${at} - [0:0]\n`)
	world.kernel.iptables.load('ipv4', `*nat\n${chains.join('')}COMMIT\n`)
	world.given(...manyServices(services), ...BYSTANDERS)
	await world.settled()
	return world
}

/** The same, where all that are reached by address have lost an endpoint that has connections. */
const startDraining = async (services: number): Promise<World> => {
	const world = await startWorld(services, '50m')
	connect(world, new Set(Array.from({length: services}, (_, at) => elsewhereOf(at))), 1)
	world.change(...localEndpoints(services))
	await world.advance(2000)
	return world
}

/** What takes more steps where there is more of everything. */
const growthOf = (few: Measured | undefined, many: Measured | undefined): readonly string[] =>
	[...(many?.steps ?? [])].flatMap(([place, count]) => {
		const before = few?.steps.get(place) ?? 0
		return count > before + INEXACT ? [`${place}: ${before} at ${FEW} Services, ${count} at ${MANY}`] : []
	})

const isPlanning = (steps: Measured['steps']): boolean => steps.keys().some(place => place.includes('makePlan'))

type Results = ReadonlyMap<string, Measured>

describe('a change in a cluster of any number of Services', () => {
	let few: Results
	let many: Results

	before(async () => {
		few = await measureAll(await startWorld(FEW, '1s'))
		many = await measureAll(await startWorld(MANY, '1s'))
	})

	it('is measured where all else stays as it is', () => {
		expect([...many.keys()]).to.deep.equal(Object.keys(NEEDED))
		const unseen = [...many].filter(([, {operations, steps}]) => operations.length > 0 && !isPlanning(steps))
		expect(unseen.map(([name]) => name)).to.deep.equal([])
	})

	for (const [name, operations] of Object.entries(NEEDED)) {
		it(`${name}: does to the kernel what is needed, and nothing else`, () => {
			expect(many.get(name)?.operations).to.deep.equal(operations)
			expect(few.get(name)?.operations).to.deep.equal(operations)
			expect(many.get(name)?.calls).to.deep.equal(few.get(name)?.calls)
		})

		it(`${name}: costs the same`, () => {
			expect(growthOf(few.get(name), many.get(name))).to.deep.equal([])
		})
	}
})

describe('a change in a cluster where any number of virtual servers drain, and of weights rise', () => {
	let few: Results
	let many: Results

	before(async () => {
		few = await measureAll(await startDraining(FEW))
		many = await measureAll(await startDraining(MANY))
	})

	for (const name of allChanges().keys()) {
		it(`${name}: costs the same`, () => {
			expect(growthOf(few.get(name), many.get(name))).to.deep.equal([])
		})
	}
})
