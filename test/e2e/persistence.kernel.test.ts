import {expect} from 'chai'
import {type Balanced, BalancedTopology} from '../../e2e/scenario/balanced-topology.ts'
import {clientAddress} from '../../e2e/topology/client-networks.ts'
import type {Asking} from '../../e2e/topology/clients.ts'
import {FAMILIES, type Family} from '../../e2e/topology/hosts.ts'
import {countOf, podsOf, tell} from '../support/answers.ts'
import {eventually} from '../support/eventually.ts'

const TERMINATING = {ready: false, serving: true, terminating: true}

const NETWORKS = 12
const HOSTS = [3, 77, 201]

/** For what comes in a while, and later on a busy machine. */
const PATIENCE = 90_000

describe('persistence', function () {
	this.timeout(300_000)
	let balanced: BalancedTopology

	before(async () => {
		// A template lives as long as the connections that it led somewhere: those of UDP are soon over.
		balanced = await BalancedTopology.create('persistence', 3, '--udp-timeout', '1s')
	})

	after(() => balanced?.destroy())

	/** Who answers these hosts of a network, over a new connection each. */
	const askFrom = async (web: Balanced, family: Family, network: number): Promise<readonly string[]> =>
		podsOf(
			await balanced.clients.ask(
				...HOSTS.map(host => ({...web.in(family), source: clientAddress(family, network, host)})),
			),
		)

	/** Each network has a pod of its own, and the networks are spread. */
	const expectOnePodForEachNetwork = async (web: Balanced, family: Family): Promise<void> => {
		const chosen: string[] = []
		for (let network = 0; network < NETWORKS; network++) {
			const pods = await askFrom(web, family, network)
			expect(new Set(pods).size, `network ${network}: ${pods}`).to.equal(1)
			chosen.push(...pods.slice(0, 1))
		}
		tell(`${NETWORKS} ${family} networks of ${HOSTS.length} clients: ${JSON.stringify(countOf(chosen))}`)
		expect(countOf(chosen)).to.deep.equal({a: 4, b: 4, c: 4})
	}

	const ofNetworks = {'persistence-prefix-ipv4': '24', 'persistence-prefix-ipv6': '64'}

	it('of networks sends all clients of one to one pod, and other networks to others', async () => {
		const web = await balanced.serve('networks', {annotations: {'persistence-timeout': '10m', ...ofNetworks}})
		await expectOnePodForEachNetwork(web, 'ipv4')
		await expectOnePodForEachNetwork(web, 'ipv6')
	})

	it('without a prefix is of single clients', async () => {
		const web = await balanced.serve('single', {annotations: {'persistence-timeout': '10m'}})
		for (const family of FAMILIES) {
			const pods = await askFrom(web, family, 1)
			expect(pods).to.have.members(['a', 'b', 'c'])
			expect(await askFrom(web, family, 1)).to.deep.equal(pods)
		}
	})

	it('of networks completes sessionAffinity', async () => {
		const web = await balanced.serve('completed', {affinitySeconds: 600, annotations: ofNetworks})
		for (const family of FAMILIES) {
			await expectOnePodForEachNetwork(web, family)
		}
	})

	/** What the kernel remembers of a client, without its connections. */
	const templatesOf = async (client: string): Promise<number> => {
		const {topology} = balanced.served
		const {stdout} = await topology.exec(topology.node('n1'), 'ipvsadm', ['-Lnc'])
		return stdout.split('\n').filter(line => line.includes(` ${client}:0 `)).length
	}

	it('is over after its timeout, which stands instead of that of sessionAffinity', async () => {
		const annotations = {'persistence-timeout': '15s'}
		const web = await balanced.serve('short', {affinitySeconds: 10_800, annotations})
		const source = clientAddress('ipv4', 300, 1)
		const asking: Asking = {...web, protocol: 'udp', source}
		const [pod, again] = podsOf(await balanced.clients.ask({...asking, count: 2}))
		const start = Date.now()
		expect(again).to.equal(pod)
		expect(await templatesOf(source)).to.equal(1)
		await eventually(async () => expect(await templatesOf(source)).to.equal(0), PATIENCE)
		tell(`a timeout of 15 s: forgotten after ${Math.round((Date.now() - start) / 1000)} s`)
		const [other] = podsOf(await balanced.clients.ask(asking))
		expect(other, 'the next in turn').to.be.oneOf(['a', 'b', 'c'].filter(name => name !== pod))
	})

	it('gives a client another pod as soon as its own drains, and leaves it its open connection', async () => {
		const annotations = {'persistence-timeout': '10m'}
		const web = await balanced.serve('draining', {annotations})
		const asking: Asking = {...web, source: clientAddress('ipv4', 301, 1)}
		const held = await balanced.clients.hold(asking)
		const [pod = ''] = podsOf(held.results)
		const pods = balanced.pods.map(one => (one.name === pod ? {...one, conditions: TERMINATING} : one))
		await balanced.serve('draining', {annotations, pods})
		const answers = podsOf(await balanced.clients.ask({...asking, count: 4}))
		expect(new Set(answers), 'persistent again').to.have.lengthOf(1)
		expect(answers[0]).to.be.oneOf(['a', 'b', 'c'].filter(name => name !== pod))
		expect(podsOf(await held.again())).to.deep.equal([pod])
	})

	describe('by the engine sip', () => {
		const CALLS = 12

		/** All in one /16 network. */
		const SENDERS = [310, 311, 312, 313].map(network => clientAddress('ipv4', network, 5))

		/** One call, whose packets come from these addresses, each from a port of its own. */
		const call = (web: Balanced, callId: string, sources: readonly string[]): readonly Asking[] =>
			sources.map(source => {
				const lines = [
					'INVITE sip:someone@example.com SIP/2.0',
					`Via: SIP/2.0/UDP ${source}:5060;branch=z9hG4bK1`,
					'From: <sip:other@example.com>;tag=1',
					'To: <sip:someone@example.com>',
					`Call-ID: ${callId}`,
					'CSeq: 1 INVITE',
					'Content-Length: 0',
				]
				return {...web, protocol: 'udp', source, question: `${lines.join('\r\n')}\r\n\r\n`}
			})

		const serve = (name: string, annotations: Readonly<Record<string, string>>): Promise<Balanced> =>
			balanced.serve(name, {annotations: {'persistence-timeout': '10m', ...annotations}, port: 5060})

		/** Each call has one pod, and the calls are spread. */
		const expectOnePodForEachCall = async (web: Balanced, sources: readonly string[]): Promise<void> => {
			const chosen: string[] = []
			for (let number = 0; number < CALLS; number++) {
				const pods = podsOf(await balanced.clients.ask(...call(web, `call-${number}@example.com`, sources)))
				expect(new Set(pods).size, `call ${number}: ${pods}`).to.equal(1)
				chosen.push(...pods.slice(0, 1))
			}
			tell(`${CALLS} calls by ${new Set(sources).size} senders: ${JSON.stringify(countOf(chosen))}`)
			expect(countOf(chosen)).to.deep.equal({a: 4, b: 4, c: 4})
		}

		const sender = SENDERS.slice(0, 1)
		const portsOfOne = Array.from({length: 4}, () => sender).flat()

		it('sends all packets of a call to one pod, and other calls of the same client to others', async () => {
			await expectOnePodForEachCall(await serve('sip', {'persistence-engine': 'sip'}), portsOfOne)
		})

		it('knows a call by its network of clients too', async () => {
			const annotations = {'persistence-engine': 'sip', 'persistence-prefix-ipv4': '16'}
			await expectOnePodForEachCall(await serve('sip-network', annotations), SENDERS)
		})

		it('does not know it from clients of other networks', async () => {
			const web = await serve('sip-single', {'persistence-engine': 'sip'})
			const pods = podsOf(await balanced.clients.ask(...call(web, 'call@example.com', SENDERS)))
			expect(new Set(pods)).to.have.lengthOf(3)
		})

		it('is what does that: without it all calls of a client have one pod', async () => {
			const web = await serve('no-sip', {})
			const calls = Array.from({length: CALLS}, (_, number) => call(web, `call-${number}@example.com`, sender)).flat()
			expect(Object.values(countOf(podsOf(await balanced.clients.ask(...calls))))).to.deep.equal([CALLS])
		})
	})
})
