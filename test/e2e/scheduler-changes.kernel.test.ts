import {expect} from 'chai'
import {type Balanced, BalancedTopology} from '../../e2e/scenario/balanced-topology.ts'
import {clientAddress} from '../../e2e/topology/client-networks.ts'
import type {Held} from '../../e2e/topology/clients.ts'
import {countOf, podsOf} from '../support/answers.ts'
import {eventually} from '../support/eventually.ts'

const PODS = ['a', 'b', 'c']

/** For what comes in a second or two, and later on a busy machine. */
const PATIENCE = 60_000

/** A client beside the one whose connections stay open. */
const SOURCE = clientAddress('ipv4', 3, 3)

describe('a change of how a live Service is balanced', function () {
	this.timeout(120_000)
	let balanced: BalancedTopology

	before(async () => {
		balanced = await BalancedTopology.create('changed')
	})

	after(() => balanced?.destroy())

	const hold = (web: Balanced, count: number): Promise<Held> => balanced.clients.hold({...web, count, source: SOURCE})

	const ask = async (web: Balanced, count: number): Promise<readonly string[]> =>
		podsOf(await balanced.clients.ask({...web, count, source: SOURCE}))

	/** Its connections are alive, each with its pod. */
	const expectAlive = async (held: Held): Promise<void> => {
		expect(podsOf(await held.again())).to.deep.equal(podsOf(held.results))
	}

	it('by another scheduler keeps its connections, and the next one follows the new scheduler', async () => {
		const web = await balanced.serve('scheduler', {annotations: {scheduler: 'rr'}})
		const first = await hold(web, 6)
		expect(countOf(podsOf(first.results))).to.deep.equal({a: 2, b: 2, c: 2})

		await balanced.serve('scheduler', {annotations: {scheduler: 'sh'}})
		await expectAlive(first)
		const second = await hold(web, 4)
		const [pod = '', ...others] = podsOf(second.results)
		expect(others, 'one client, one pod').to.deep.equal([pod, pod, pod])

		await balanced.serve('scheduler', {annotations: {scheduler: 'lc'}})
		await expectAlive(first)
		await expectAlive(second)
		const third = await hold(web, 8)
		const few = PODS.filter(name => name !== pod).map(name => [name, 4])
		expect(countOf(podsOf(third.results)), `${pod} had four more`).to.deep.equal(Object.fromEntries(few))

		await balanced.serve('scheduler')
		for (const held of [first, second, third]) {
			await expectAlive(held)
		}
		const order = await ask(web, 9)
		expect(order.slice(0, 3)).to.have.members(PODS)
		expect(order).to.deep.equal(order.map((_, at) => order[at % 3]))
	})

	it('by persistence, and back, keeps its connections, and the next one follows', async () => {
		const web = await balanced.serve('persistence')
		const held = await hold(web, 6)
		await balanced.serve('persistence', {annotations: {'persistence-timeout': '10m'}})
		await expectAlive(held)
		expect(new Set(await ask(web, 6)), 'one client, one pod').to.have.lengthOf(1)
		await balanced.serve('persistence')
		await expectAlive(held)
		expect(countOf(await ask(web, 6))).to.deep.equal({a: 2, b: 2, c: 2})
	})

	it('to a value that is not allowed is one to the default', async () => {
		const web = await balanced.serve('wrong', {annotations: {scheduler: 'sh'}})
		expect(new Set(await ask(web, 6))).to.have.lengthOf(1)
		await balanced.serve('wrong', {annotations: {scheduler: 'fastest'}})
		expect(countOf(await ask(web, 6))).to.deep.equal({a: 2, b: 2, c: 2})
		const [said] = balanced.served.kubeLvs.log.filter(({reason}) => reason === 'InvalidAnnotation')
		expect(said?.msg).to.include('metadata.annotations[kube-lvs.io/scheduler]: "fastest" is not allowed')
	})
	it('to a scheduler that the kernel of the node lacks is one to the default', async () => {
		const {topology, kubeLvs} = balanced.served
		const node = topology.node('n1')
		const {exitCode} = await topology.exec(node, 'modprobe', ['-nq', 'ip_vs_twos'], {reject: false})
		const hasTwos = exitCode === 0
		const web = await balanced.serve('lacking', {annotations: {scheduler: 'sh'}})
		const held = await hold(web, 4)
		await balanced.serve('lacking', {annotations: {scheduler: 'twos'}})
		await eventually(async () => {
			const {stdout} = await topology.exec(node, 'ipvsadm', ['-Sn'])
			expect(stdout).to.include(`-A -t ${web.address}:${web.port} -s ${hasTwos ? 'twos' : 'rr'}`)
		}, PATIENCE)
		await expectAlive(held)
		const answers = countOf(await ask(web, 30))
		expect(answers).to.satisfy(() => hasTwos || Object.values(answers).every(count => count === 10))
		const said = kubeLvs.log.filter(({reason}) => reason === 'AnnotationIgnored').map(({msg}) => msg)
		expect(said.some(msg => msg.includes('"twos" is ignored: the kernel of this node has no scheduler twos'))).to.equal(
			!hasTwos,
		)
	})
})
