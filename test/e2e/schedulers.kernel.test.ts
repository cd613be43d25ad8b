import {expect} from 'chai'
import {type Balanced, type BalancedSpec, BalancedTopology} from '../../e2e/scenario/balanced-topology.ts'
import type {Held} from '../../e2e/topology/clients.ts'
import {FAMILIES} from '../../e2e/topology/hosts.ts'
import {countOf, podsOf, tell} from '../support/answers.ts'
import {eventually} from '../support/eventually.ts'

const TERMINATING = {ready: false, serving: true, terminating: true}

/** Connections are counted when the kernel has seen their end, which on a busy machine takes its time. */
const PATIENCE = 60_000

/** Three pods: a, b, c. Weights are given in this order. Of pods that are alike for an algorithm any may be the next. */
describe('schedulers that count', function () {
	this.timeout(300_000)
	let balanced: BalancedTopology

	before(async () => {
		balanced = await BalancedTopology.create('schedulers')
	})

	after(() => balanced?.destroy())

	const serve = (scheduler: string, spec: BalancedSpec = {}) =>
		balanced.serve(scheduler, {annotations: {scheduler}, ...spec})

	/** Opens connections that stay, one after the other. */
	const hold = (web: Balanced, count: number): Promise<Held> => balanced.clients.hold({...web, count})

	const answers = async (held: Promise<Held>): Promise<readonly string[]> => podsOf((await held).results)

	/** Closes all connections to a pod, so that the kernel counts none there. */
	const closeAllOf = async (web: Balanced, pod: string, held: readonly Held[]): Promise<void> => {
		await Promise.all(held.filter(({results}) => podsOf(results)[0] === pod).map(one => one.close()))
		await eventually(async () => expect((await balanced.realServers(web))[pod]?.active).to.equal(0), PATIENCE)
	}

	const holdEach = async (web: Balanced, count: number): Promise<readonly Held[]> => {
		const all: Held[] = []
		while (all.length < count) {
			all.push(await hold(web, 1))
		}
		return all
	}

	it('rr: each pod in its turn, however many connections it has', async () => {
		const web = await serve('rr', {weights: [5, 2, 1]})
		for (const family of FAMILIES) {
			const order = podsOf(await balanced.clients.ask({...web.in(family), count: 300}))
			expect(order.slice(0, 3)).to.have.members(['a', 'b', 'c'])
			expect(order).to.deep.equal(order.map((_, at) => order[at % 3]))
			tell(`rr, ${family}: ${JSON.stringify(countOf(order))} of 300, always ${order.slice(0, 3).join(' ')}`)
		}
		const held = await holdEach(web, 9)
		await closeAllOf(web, 'b', held)
		expect(await answers(hold(web, 3))).to.have.members(['a', 'b', 'c'])
	})

	it('wrr: connections in proportion to weights, however many a pod has', async () => {
		const web = await serve('wrr', {weights: [5, 2, 1]})
		const counts = countOf(podsOf(await balanced.clients.ask({...web, count: 2000})))
		tell(`wrr, weights 5 2 1: ${JSON.stringify(counts)} of 2000`)
		expect(Object.keys(counts)).to.have.members(['a', 'b', 'c'])
		expect(counts.a).to.be.within(1250 * 0.95, 1250 * 1.05)
		expect(counts.b).to.be.within(500 * 0.95, 500 * 1.05)
		expect(counts.c).to.be.within(250 * 0.95, 250 * 1.05)
		const held = await holdEach(web, 8)
		await closeAllOf(web, 'a', held)
		expect(countOf(await answers(hold(web, 8)))).to.deep.equal({a: 5, b: 2, c: 1})
	})

	it('lc: the pod with the fewest connections, whatever its weight', async () => {
		const web = await serve('lc', {weights: [5, 2, 1]})
		const held = await holdEach(web, 9)
		expect(countOf(held.flatMap(({results}) => podsOf(results)))).to.deep.equal({a: 3, b: 3, c: 3})
		await closeAllOf(web, 'b', held)
		expect(await answers(hold(web, 3))).to.deep.equal(['b', 'b', 'b'])
		expect(countOf(await answers(hold(web, 3)))).to.deep.equal({a: 1, b: 1, c: 1})
	})

	it('wlc: the pod with the fewest connections for its weight', async () => {
		const web = await serve('wlc', {weights: [4, 2, 1]})
		const held = await holdEach(web, 14)
		expect(countOf(held.flatMap(({results}) => podsOf(results)))).to.deep.equal({a: 8, b: 4, c: 2})
		await closeAllOf(web, 'a', held)
		expect(countOf(await answers(hold(web, 8)))).to.deep.equal({a: 8})
		expect(countOf(await answers(hold(web, 7)))).to.deep.equal({a: 4, b: 2, c: 1})
	})

	it('sed: the pod that has the fewest for its weight with the new one; a slow one stays idle at first', async () => {
		const web = await serve('sed', {weights: [4, 2, 1]})
		expect(countOf(await answers(hold(web, 4)))).to.deep.equal({a: 3, b: 1})
		expect(countOf(await answers(hold(web, 3)))).to.deep.equal({a: 1, b: 1, c: 1})
	})

	it('nq: an idle pod first, however small its weight and however much it has served, then as sed', async () => {
		const web = await serve('nq', {weights: [100, 1, 1]})
		const held = await holdEach(web, 3)
		expect(held.flatMap(({results}) => podsOf(results))).to.have.members(['a', 'b', 'c'])
		expect(countOf(await answers(hold(web, 20)))).to.deep.equal({a: 20})
		await closeAllOf(web, 'b', held)
		const counts = countOf(podsOf(await balanced.clients.ask({...web, count: 100})))
		tell(`nq, 100 short connections, one idle pod: ${JSON.stringify(counts)}`)
		expect(counts.b, 'wlc would count those that have ended, and take turns at about 50').to.be.within(90, 100)
	})

	it('fo: the pod with the highest weight alone; the next one while it drains or is gone', async () => {
		const web = await serve('fo', {weights: [1, 3, 2]})
		expect(countOf(await answers(hold(web, 10)))).to.deep.equal({b: 10})
		const pods = balanced.pods.map(pod => (pod.name === 'b' ? {...pod, conditions: TERMINATING} : pod))
		await serve('fo', {weights: [1, 3, 2], pods})
		expect(countOf(await answers(hold(web, 10)))).to.deep.equal({c: 10})
		await serve('fo', {weights: [1, 3, 2]})
		expect(countOf(await answers(hold(web, 10)))).to.deep.equal({b: 10})
	})

	it('ovf: the pod with the highest weight until it has more connections than that, then the next', async () => {
		const web = await serve('ovf', {weights: [1, 3, 2]})
		const held = await holdEach(web, 9)
		const order = held.flatMap(({results}) => podsOf(results))
		expect(order).to.deep.equal([...'bbbb', ...'ccc', ...'aa'])
		expect(podsOf(await balanced.clients.ask(web)), 'all are full').to.deep.equal(['refused'])
		await closeAllOf(web, 'c', held)
		expect(await answers(hold(web, 3))).to.deep.equal(['c', 'c', 'c'])
	})
})
