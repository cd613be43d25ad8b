import {expect} from 'chai'
import fc from 'fast-check'
import {Ramps} from '../../src/controller/ramps.ts'
import {makePlan} from '../../src/plan/plan.ts'
import type {ActualState, WantedState} from '../../src/state/node-state.ts'
import {framedKernel, planOptions, recorded, wanted} from '../plan/build.ts'
import {realServer, serverState, virtualServer} from '../state/build.ts'

const KEY = 'tcp 10.96.0.10:80'
const SLOW_START = 20_000
/** One step. */
const STEP = SLOW_START / 20
const [A, B, C] = ['10.244.1.5:80', '10.244.2.5:80', '10.244.2.6:80'] as const

type Weights = Readonly<Record<string, number>>

const stateOf = (weights: Weights) =>
	serverState(
		virtualServer(KEY),
		Object.entries(weights).map(([key, weight]) => realServer(key, {weight})),
	)

const want = (weights: Weights, slowStart: number | undefined = SLOW_START): WantedState =>
	wanted({servers: [{...stateOf(weights), ...(slowStart ? {slowStart} : {})}]})

/** A virtual server in the kernel with these real servers, looked after as the controller does it. */
class Scene {
	now = 0
	actual: ActualState
	ramps = new Ramps()
	wanted: WantedState = wanted({})

	constructor(present?: Weights) {
		this.actual = framedKernel({servers: present ? [stateOf(present)] : []})
	}

	/** One sync at this time; gives the weights in the kernel. */
	sync(goal = this.wanted): Weights {
		this.wanted = goal
		this.ramps.advance(this.now)
		this.ramps.look([KEY], {wanted: goal, actual: this.actual}, this.now)
		const scope = {virtualServers: new Set([KEY]), vips: new Set<never>(), members: new Map()}
		const operations = makePlan(scope, goal, this.actual, planOptions({ramping: this.ramps.weights}))
		this.actual = recorded(this.actual, operations)
		return this.weights()
	}

	/** Sleeps until so long after now, with a sync whenever one is due. */
	pass(milliseconds: number): Weights {
		const end = this.now + milliseconds
		while (this.ramps.due <= end) {
			expect(this.ramps.due).to.be.above(this.now)
			this.now = this.ramps.due
			this.sync()
		}
		this.now = end
		return this.weights()
	}

	restart(): void {
		this.ramps = new Ramps()
	}

	weights(): Weights {
		const present = this.actual.virtualServers.get(KEY)?.realServers.values() ?? []
		return Object.fromEntries([...present].map(({key, weight}) => [key, weight]))
	}
}

/** A that serves, and B that joins at this moment. */
const joined = (): Scene => {
	const scene = new Scene({[A]: 100})
	scene.sync(want({[A]: 100}))
	expect(scene.sync(want({[A]: 100, [B]: 100}))).to.deep.equal({[A]: 100, [B]: 5})
	return scene
}

describe('slow start', () => {
	it('begins at a twentieth and rises in equal steps to the whole', () => {
		const scene = joined()
		expect(scene.pass(2 * STEP)[B]).to.equal(10)
		expect(scene.pass(8 * STEP)[B]).to.equal(50)
		expect(scene.pass(9 * STEP)[B]).to.equal(95)
		expect(scene.pass(STEP)[B]).to.equal(100)
		expect(scene.ramps.due).to.equal(Number.POSITIVE_INFINITY)
		expect(scene.ramps.weights.size).to.equal(0)
	})

	it('does not happen in a new virtual server, nor where nothing else serves', () => {
		expect(new Scene().sync(want({[A]: 100, [B]: 100}))).to.deep.equal({[A]: 100, [B]: 100})
		expect(new Scene({}).sync(want({[A]: 100}))).to.deep.equal({[A]: 100})
		expect(new Scene({[A]: 0}).sync(want({[A]: 0, [B]: 100}))).to.deep.equal({[A]: 0, [B]: 100})
	})

	it('does not happen when all others leave at the same moment', () => {
		const scene = new Scene({[A]: 100})
		scene.sync(want({[A]: 100}))
		expect(scene.sync(want({[B]: 100, [C]: 100}))).to.deep.equal({[A]: 0, [B]: 100, [C]: 100})
	})

	it('ends when all others are gone: there is nobody to leave connections to', () => {
		const scene = joined()
		expect(scene.sync(want({[B]: 100}))).to.deep.equal({[A]: 0, [B]: 100})
		expect(scene.ramps.due).to.equal(Number.POSITIVE_INFINITY)
	})

	it('begins anew for one that comes back', () => {
		const scene = joined()
		scene.pass(SLOW_START)
		expect(scene.sync(want({[A]: 100}))[B]).to.equal(0)
		expect(scene.sync(want({[A]: 100, [B]: 100}))[B]).to.equal(5)
		expect(scene.pass(SLOW_START)[B]).to.equal(100)
	})

	it('does not happen to one whose weight changes while it serves', () => {
		const scene = joined()
		scene.pass(SLOW_START)
		expect(scene.sync(want({[A]: 100, [B]: 300}))).to.deep.equal({[A]: 100, [B]: 300})
		expect(scene.sync(want({[A]: 100, [B]: 0}))).to.deep.equal({[A]: 100, [B]: 0})
		expect(scene.sync(want({[A]: 100, [B]: 200}))).to.deep.equal({[A]: 100, [B]: 10})
	})

	it('keeps its share when the weight or the time changes meanwhile', () => {
		const scene = joined()
		scene.pass(10 * STEP)
		expect(scene.sync(want({[A]: 100, [B]: 300}))[B]).to.equal(150)
		expect(scene.sync(want({[A]: 100, [B]: 300}, 2 * SLOW_START))[B]).to.equal(150)
		expect(scene.pass(2 * STEP)[B]).to.equal(165)
	})

	it('ends when it is no longer asked for, and does not begin when it is', () => {
		const scene = joined()
		expect(scene.sync(want({[A]: 1, [B]: 1}, 0))).to.deep.equal({[A]: 1, [B]: 1})
		expect(scene.ramps.due).to.equal(Number.POSITIVE_INFINITY)
		expect(scene.sync(want({[A]: 100, [B]: 100}))).to.deep.equal({[A]: 100, [B]: 100})
	})

	it('goes on after a restart from the weights in the kernel', () => {
		const scene = joined()
		scene.pass(10 * STEP)
		scene.restart()
		expect(scene.sync()[B]).to.equal(50)
		expect(scene.pass(9 * STEP)[B]).to.equal(95)
		expect(scene.pass(STEP)[B]).to.equal(100)
	})

	it('goes on after a restart from a weight that is no step, upwards', () => {
		const scene = new Scene({[A]: 100, [B]: 33})
		expect(scene.sync(want({[A]: 100, [B]: 100}))[B]).to.equal(35)
	})

	it('keeps time although it is looked at late', () => {
		const scene = joined()
		scene.now = 4.9 * STEP
		expect(scene.sync()[B]).to.equal(20)
		scene.now = 5 * STEP
		expect(scene.sync()[B]).to.equal(25)
	})

	it('begins anew for one that was lost meanwhile', () => {
		const scene = joined()
		scene.pass(10 * STEP)
		scene.actual = framedKernel({servers: [stateOf({[A]: 100})]})
		expect(scene.sync()[B]).to.equal(5)
	})

	it('takes no step early when something else is looked at, however often', () => {
		const scene = joined()
		for (let at = 0; at < 5; at++) {
			scene.now += STEP / 5
			expect(scene.sync()[B]).to.equal(5)
		}
	})

	it('puts a weight back that somebody has changed, to what it should be at that time', () => {
		const scene = joined()
		scene.pass(4 * STEP)
		scene.actual = framedKernel({servers: [stateOf({[A]: 100, [B]: 7})]})
		expect(scene.sync()[B]).to.equal(20)
	})

	it('forgets virtual servers that are gone', () => {
		const scene = joined()
		scene.sync(wanted({}))
		expect([scene.ramps.due, scene.ramps.weights.size]).to.deep.equal([Number.POSITIVE_INFINITY, 0])
	})

	it('never takes back a share, nor all of it, and ends at the wanted weight, with syncs and restarts at any time', () => {
		const event = fc.record({pause: fc.integer({min: 0, max: 3 * STEP}), isRestart: fc.boolean()})
		fc.assert(
			fc.property(
				fc.integer({min: 1, max: 65_535}),
				fc.integer({min: 1, max: 65_535}),
				fc.array(event, {maxLength: 30}),
				(a, b, events) => {
					const scene = new Scene({[A]: a})
					scene.sync(want({[A]: a}))
					let last = scene.sync(want({[A]: a, [B]: b}))[B] ?? 0
					for (const {pause, isRestart} of events) {
						scene.pass(pause)
						if (isRestart) {
							scene.restart()
						}
						const weights = scene.sync()
						expect(weights[A]).to.equal(a)
						expect(weights[B]).to.be.within(Math.max(last, 1), b)
						last = weights[B] ?? 0
					}
					expect(scene.pass(SLOW_START)).to.deep.equal({[A]: a, [B]: b})
					expect(scene.ramps.due).to.equal(Number.POSITIVE_INFINITY)
				},
			),
		)
	})
})
