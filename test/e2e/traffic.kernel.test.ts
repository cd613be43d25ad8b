import {expect} from 'chai'
import {serviceObject, sliceObjects} from '../../e2e/scenario/objects.ts'
import {createServedTopology, type ServedTopology} from '../../e2e/scenario/served-topology.ts'
import {isAnswer, TRANSPORTS, type Transport, tally} from '../../e2e/topology/answer.ts'
import {startEcho} from '../../e2e/topology/echo.ts'
import {FAMILIES, type Host} from '../../e2e/topology/hosts.ts'
import {probe} from '../../e2e/topology/probe.ts'

const PORT = 80
const NODE_PORT = 30080
const COUNT = 9

const VIPS = {
	ClusterIP: {ipv4: '10.96.0.10', ipv6: 'fd00:96::a', port: PORT},
	'an external IP': {ipv4: '203.0.113.7', ipv6: '2001:db8:f::7', port: PORT},
	'a load-balancer IP': {ipv4: '203.0.113.5', ipv6: '2001:db8:f::5', port: PORT},
	'a node port': {ipv4: '192.0.2.10', ipv6: '2001:db8::10', port: NODE_PORT},
} as const

/** Round robin, but for UDP sockets that happen to get a port that was used a moment ago: for IPVS that is one flow. */
const expectBalance = (counts: Readonly<Record<string, number>>, protocol: Transport, from: string): void => {
	expect(Object.keys(counts).sort(), `from ${from}`).to.deep.equal(['a', 'b', 'c'])
	const leeway = protocol === 'udp' ? 1 : 0
	for (const [pod, count] of Object.entries(counts)) {
		expect(count, `answers of ${pod} from ${from}`).to.be.within(COUNT / 3 - leeway, COUNT / 3 + leeway)
	}
}

describe('traffic to a Service', function () {
	this.timeout(300_000)
	let served: ServedTopology
	let origins: Record<'a pod' | 'the node' | 'an outside client', Host>

	before(async () => {
		served = await createServedTopology('traffic')
		const {topology, objects, kubeLvs} = served
		const web = serviceObject({
			name: 'web',
			number: 10,
			type: 'LoadBalancer',
			nodePort: NODE_PORT,
			externalIPs: [VIPS['an external IP'].ipv4, VIPS['an external IP'].ipv6],
			loadBalancerIPs: [VIPS['a load-balancer IP'].ipv4, VIPS['a load-balancer IP'].ipv6],
		})
		const sticky = serviceObject({name: 'sticky', number: 11, affinitySeconds: 600})
		const empty = serviceObject({name: 'empty', number: 12})
		await objects.apply(web, ...sliceObjects('web', topology.pods))
		await objects.apply(sticky, ...sliceObjects('sticky', topology.pods), empty)
		await kubeLvs.start()
		origins = {
			'a pod': topology.pod('a'),
			'the node': topology.node('n1'),
			'an outside client': topology.client('outside'),
		}
	})

	after(() => served?.destroy())

	for (const [kind, vip] of Object.entries(VIPS)) {
		for (const family of FAMILIES) {
			for (const protocol of TRANSPORTS) {
				it(`is balanced over all pods: ${kind}, ${family}, ${protocol}, from everywhere`, async () => {
					for (const [name, origin] of Object.entries(origins)) {
						const target = {protocol, address: vip[family], port: vip.port, count: COUNT}
						expectBalance(tally(await probe(served.topology, origin, target)), protocol, name)
					}
				})
			}
		}
	}

	it('keeps the source address of a pod that uses a ClusterIP, but for answers from itself', async () => {
		const pod = served.topology.pod('a')
		const results = await probe(served.topology, pod, {address: VIPS.ClusterIP.ipv4, port: PORT, count: COUNT})
		for (const answer of results.filter(isAnswer)) {
			expect(answer.client === pod.addresses.ipv4, `answer of ${answer.pod}`).to.equal(answer.pod !== 'a')
		}
	})

	it('sends all connections of one client to one pod with ClientIP affinity', async () => {
		for (const address of ['10.96.0.11', 'fd00:96::b']) {
			const counts = tally(await probe(served.topology, served.topology.pod('b'), {address, port: PORT, count: COUNT}))
			expect(Object.values(counts)).to.deep.equal([COUNT])
		}
	})

	it('is refused where a Service has no endpoints', async () => {
		for (const [name, origin] of Object.entries(origins)) {
			for (const address of ['10.96.0.12', 'fd00:96::c']) {
				const results = await probe(served.topology, origin, {address, port: PORT})
				expect(tally(results), `${address} from ${name}`).to.deep.equal({refused: 1})
			}
		}
	})

	it('does not reach a daemon of the node on 0.0.0.0 through a VIP', async () => {
		const daemon = await startEcho(served.topology, served.topology.node('n1'), {ports: [9999]})
		const outside = origins['an outside client']
		for (const family of FAMILIES) {
			const own = served.topology.node('n1').addresses[family]
			expect(tally(await probe(served.topology, outside, {address: own, port: 9999}))).to.deep.equal({n1: 1})
			for (const vip of [VIPS.ClusterIP, VIPS['an external IP'], VIPS['a load-balancer IP']]) {
				for (const [name, origin] of Object.entries(origins)) {
					const results = await probe(served.topology, origin, {
						address: vip[family],
						port: 9999,
					})
					expect(tally(results), `${vip[family]} from ${name}`).to.deep.equal({refused: 1})
				}
			}
		}
		await daemon.stop()
	})
})
