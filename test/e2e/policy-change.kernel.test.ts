import {expect} from 'chai'
import {createMatrixTopology} from '../../e2e/matrix/matrix-topology.ts'
import {outcomeOf} from '../../e2e/matrix/outcome.ts'
import {type MatrixService, matrixService} from '../../e2e/matrix/services.ts'
import {flagsFor} from '../../e2e/matrix/settings.ts'
import type {AddressKind} from '../../e2e/matrix/words.ts'
import type {ServedTopology} from '../../e2e/scenario/served-topology.ts'
import {type Connection, openConnection} from '../../e2e/topology/connection.ts'
import {FAMILIES, type Host} from '../../e2e/topology/hosts.ts'
import {probeMany} from '../../e2e/topology/probe-many.ts'

const KINDS = ['NodePort', 'external IP', 'load-balancer IP'] as const satisfies readonly AddressKind[]
const WAYS = KINDS.flatMap(kind => FAMILIES.map(family => ({kind, family})))

/** Of each origin; two turns of two endpoints. */
const CONNECTIONS = 4

describe('a change of externalTrafficPolicy', function () {
	this.timeout(300_000)
	let served: ServedTopology
	const open: {readonly connection: Connection; readonly pod: string; readonly from: string}[] = []

	const serviceOf = (policy: 'none' | 'external'): MatrixService => {
		const {topology} = served
		const endpoints = {both: [topology.pod('a'), topology.pod('b')], other: [], none: []}
		const around = {node: topology.node('n1'), outside: topology.client('outside'), endpoints}
		return matrixService({policy, place: 'both'}, 0, around)
	}

	/** One word, or each with what it is of. */
	const outcomeFrom = async (asker: Host): Promise<string> => {
		const {targets, endpoints} = serviceOf('none')
		const all = WAYS.map(({kind, family}) => ({address: targets[kind][family], port: targets[kind].port, count: 3}))
		const results = await probeMany(served.topology, asker, all, 10)
		const question = {asker, node: served.topology.node('n1'), endpoints, policy: 'none'}
		const words = results.map(answers => outcomeOf(question, answers))
		return new Set(words).size === 1
			? `${words[0]}`
			: words.map((word, at) => `${Object.values(WAYS[at] ?? {}).join(' ')}: ${word}`).join('; ')
	}

	const outcomes = async () => ({
		pod: await outcomeFrom(served.topology.pod('c')),
		outside: await outcomeFrom(served.topology.client('outside')),
	})

	const openConnections = async (): Promise<void> => {
		const {ipv4: address, port} = serviceOf('none').targets['load-balancer IP']
		for (const host of [served.topology.pod('c'), served.topology.client('outside')]) {
			for (let count = 0; count < CONNECTIONS; count++) {
				const connection = await openConnection(served.topology, host, {address, port})
				open.push({connection, pod: (await connection.ask()).pod, from: host.name})
			}
		}
	}

	const askAll = () => Promise.all(open.map(async ({connection, from}) => `${from} ${(await connection.ask()).pod}`))
	const asBefore = () => open.map(({pod, from}) => `${from} ${pod}`)

	before(async () => {
		served = await createMatrixTopology('change')
		await served.objects.apply(...serviceOf('external').objects)
		await served.kubeLvs.start(...flagsFor(''))
		await openConnections()
	})

	after(async () => {
		await Promise.all(open.map(({connection}) => connection.close()))
		await served?.destroy()
	})

	it('has connections from inside to both endpoints, from outside to the local one', () => {
		expect(new Set(asBefore())).to.deep.equal(new Set(['c a', 'c b', 'outside a']))
	})

	for (const [policy, expected] of [
		['none', {pod: 'all masq', outside: 'all masq'}],
		['external', {pod: 'all own', outside: 'local own'}],
		['none', {pod: 'all masq', outside: 'all masq'}],
	] as const) {
		it(`is in effect at once for new connections, and keeps those that are open: ${policy}`, async () => {
			await served.kubeLvs.nextSync(() => served.objects.apply(...serviceOf(policy).objects))
			expect(await outcomes()).to.deep.equal(expected)
			expect(await askAll()).to.deep.equal(asBefore())
			await openConnections()
			expect(await askAll()).to.deep.equal(asBefore())
		})
	}
})
