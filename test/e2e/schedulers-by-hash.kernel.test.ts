import {expect} from 'chai'
import {type Balanced, BalancedTopology} from '../../e2e/scenario/balanced-topology.ts'
import type {ProbeResult} from '../../e2e/topology/answer.ts'
import {clientAddress} from '../../e2e/topology/client-networks.ts'
import {openConnection} from '../../e2e/topology/connection.ts'
import {FAMILIES, type Family, type Pod} from '../../e2e/topology/hosts.ts'
import {probe} from '../../e2e/topology/probe.ts'
import {countOf, podsOf, tell} from '../support/answers.ts'
import {eventually} from '../support/eventually.ts'

const PODS = 10
const CLIENTS = 300
/** A number that shows turns: no multiple of that of the pods. */
const SOURCES = 43
const PORTS = 100
/** For what comes in a second or two, and later on a busy machine. */
const PATIENCE = 60_000
/** A pod more or less is luck, two in three pods are not. */
const SPREAD = 7

const TERMINATING = {ready: false, serving: true, terminating: true}

/** So many clients, of several networks. */
const sources = (family: Family, count: number): readonly string[] =>
	Array.from({length: count}, (_, at) => clientAddress(family, Math.floor(at / 50), 1 + (at % 50)))

const namesOf = (pods: readonly Pod[]): readonly string[] => pods.map(({name}) => name)

const LOAD_BALANCER = {address: '203.0.113.5', port: 80}

const distinct = (results: readonly ProbeResult[]): number => new Set(podsOf(results)).size

describe('schedulers that choose by a hash', function () {
	this.timeout(300_000)
	let balanced: BalancedTopology

	before(async () => {
		balanced = await BalancedTopology.create('hashes', PODS)
	})

	after(() => balanced?.destroy())

	/** Who answers each of these clients, over a new connection. */
	const askAll = async (web: Balanced, all: readonly string[], family: Family = 'ipv4'): Promise<readonly string[]> =>
		podsOf(await balanced.clients.ask(...all.map(source => ({...web.in(family), source}))))

	const without = (name: string): readonly Pod[] => balanced.pods.filter(pod => pod.name !== name)

	const draining = (name: string) =>
		balanced.pods.map(pod => (pod.name === name ? {...pod, conditions: TERMINATING} : pod))

	for (const scheduler of ['sh', 'mh']) {
		it(`${scheduler} sends all connections of a client to one pod, and spreads the clients`, async () => {
			const web = await balanced.serve(scheduler, {annotations: {scheduler}})
			for (const family of FAMILIES) {
				const all = sources(family, SOURCES)
				const first = await askAll(web, all, family)
				const counts = countOf(first)
				tell(`${scheduler}, ${family}: ${SOURCES} clients: ${JSON.stringify(counts)}`)
				expect(Object.keys(counts)).to.have.length.within(SPREAD, PODS)
				for (let round = 0; round < 4; round++) {
					expect(await askAll(web, all, family)).to.deep.equal(first)
				}
			}
		})

		it(`${scheduler}-port spreads the connections of one client`, async () => {
			const annotations = {scheduler, 'scheduler-flags': `${scheduler}-port, ${scheduler}-fallback`}
			const web = await balanced.serve(`${scheduler}-port`, {annotations})
			for (const family of FAMILIES) {
				const [source] = sources(family, 1)
				const results = await balanced.clients.ask({...web.in(family), count: PORTS, source})
				tell(`${scheduler}-port, ${family}: ${PORTS} ports of one client: ${JSON.stringify(countOf(podsOf(results)))}`)
				expect(distinct(results)).to.be.within(SPREAD, PODS)
			}
		})

		it(`${scheduler} sends clients of a pod that drains to another at once; without fallback they are refused`, async () => {
			for (const flags of ['default', 'none']) {
				const name = `${scheduler}-${flags}`
				const annotations = {scheduler, ...(flags === 'none' ? {'scheduler-flags': 'none'} : {})}
				const web = await balanced.serve(name, {annotations})
				const source = clientAddress('ipv4', 7, 7)
				const held = await balanced.clients.hold({...web, source})
				const [pod = ''] = podsOf(held.results)
				await balanced.serve(name, {annotations, pods: draining(pod)})
				const [next = '', ...more] = podsOf(await balanced.clients.ask({...web, source, count: 3}))
				expect(podsOf(await held.again())).to.deep.equal([pod])
				expect((await balanced.realServers(web))[pod]).to.deep.equal({weight: 0, active: 1})
				expect(more).to.deep.equal([next, next])
				expect(next).to.be.oneOf(flags === 'none' ? ['refused'] : namesOf(without(pod)))
				await held.close()
			}
		})
	}

	/** Of the clients of all other pods, how many have another one after a pod has gone. */
	const shareThatMoves = async (scheduler: 'sh' | 'mh'): Promise<number> => {
		const [name, gone] = [`${scheduler}-goes`, 'd']
		const web = await balanced.serve(name, {annotations: {scheduler}})
		const all = sources('ipv4', CLIENTS)
		const before = await askAll(web, all)
		const annotations = {scheduler, 'drain-deadline': '0s'}
		await balanced.serve(name, {annotations, pods: without(gone)})
		await eventually(async () => expect(await balanced.realServers(web)).not.to.have.property(gone), PATIENCE)
		const after = await askAll(web, all)
		const others = before.flatMap((pod, at) => (pod === gone ? [] : [{pod, now: after[at]}]))
		const moved = others.filter(({pod, now}) => pod !== now).length
		tell(`${scheduler}: 1 of ${PODS} pods goes: ${moved} of ${others.length} clients of the others move`)
		expect(after).not.to.include(gone)
		expect(others.length).to.be.below(CLIENTS)
		return moved / others.length
	}

	it('mh moves few of the clients whose pod is still there when another goes', async () => {
		expect(await shareThatMoves('mh')).to.be.below(0.15)
	})

	it('sh moves most of them', async () => {
		expect(await shareThatMoves('sh')).to.be.above(0.5)
	})

	it('moves clients inside on where affinity meets externalTrafficPolicy Local, when their pod drains', async () => {
		const {topology} = balanced.served
		const spec = {sessionAffinity: 'ClientIP', externalTrafficPolicy: 'Local'}
		const local = {type: 'LoadBalancer', loadBalancerIPs: [LOAD_BALANCER.address], nodePort: 30080, spec} as const
		await balanced.serve('local', local)
		const client = topology.pod('a')
		const [pod = ''] = podsOf(await probe(topology, client, {...LOAD_BALANCER}))
		const held = await openConnection(topology, client, LOAD_BALANCER)
		await balanced.serve('local', {...local, pods: draining(pod)})
		const answers = podsOf(await probe(topology, client, {...LOAD_BALANCER, count: 3, timeoutMs: 3000}))
		expect((await held.ask()).pod).to.equal(pod)
		await held.close()
		expect(new Set(answers)).to.have.lengthOf(1)
		expect(answers[0]).to.be.oneOf(namesOf(without(pod)))
	})

	it('dh: one pod for all clients of an address, and another for another address', async () => {
		const externalIPs = Array.from({length: 24}, (_, at) => `203.0.113.${100 + at}`)
		await balanced.serve('dh', {annotations: {scheduler: 'dh'}, externalIPs})
		const clients = sources('ipv4', 4)
		const chosen: string[] = []
		for (const address of externalIPs) {
			const answers = podsOf(await balanced.clients.ask(...clients.map(source => ({address, port: 80, source}))))
			expect(new Set(answers).size, `${address}: ${answers}`).to.equal(1)
			chosen.push(...answers.slice(0, 1))
		}
		tell(`dh: ${externalIPs.length} addresses: ${JSON.stringify(countOf(chosen))}`)
		expect(new Set(chosen).size).to.be.within(SPREAD, PODS)
	})

	/** 24 connections that stay, of as many clients, to three pods of weight 4. */
	const holdLocally = async (scheduler: 'lblc' | 'lblcr'): Promise<readonly string[]> => {
		const pods = balanced.pods.slice(0, 3)
		const web = await balanced.serve(scheduler, {annotations: {scheduler}, pods, weights: [4, 4, 4]})
		const held = await balanced.clients.hold(...sources('ipv4', 24).map(source => ({...web, source})))
		return podsOf(held.results)
	}

	const runsOf = (order: readonly string[]): readonly number[] =>
		order
			.join('')
			.replace(/(.)(?!\1|$)/g, '$1 ')
			.split(' ')
			.map(run => run.length)

	it('lblc: one pod for all clients of an address, until it has more connections than its weight and another few', async () => {
		const order = await holdLocally('lblc')
		tell(`lblc, weights 4 4 4: ${order.join(' ')}`)
		expect(new Set(order).size).to.equal(3)
		expect(runsOf(order)).to.deep.equal([5, 5, 14])
	})

	it('lblcr: as lblc, but pods that were added share what follows', async () => {
		const order = await holdLocally('lblcr')
		tell(`lblcr, weights 4 4 4: ${order.join(' ')}`)
		expect(runsOf(order.slice(0, 15))).to.deep.equal([5, 5, 5])
		expect(Object.values(countOf(order))).to.deep.equal([8, 8, 8])
	})
})
