import {expect} from 'chai'
import {type Answer, isAnswer, TRANSPORTS, tally} from '../../e2e/topology/answer.ts'
import {openConnection} from '../../e2e/topology/connection.ts'
import {startEcho} from '../../e2e/topology/echo.ts'
import {FAMILIES, type Host, type Node} from '../../e2e/topology/hosts.ts'
import {probe} from '../../e2e/topology/probe.ts'
import {probeMany} from '../../e2e/topology/probe-many.ts'
import {createTopology, type Topology} from '../../e2e/topology/topology.ts'

const PORT = 8080

/** `refused` is an answer: whoever gives it has been reached. */
const CLOSED_PORT = 1

describe('a topology', function () {
	this.timeout(300_000)
	let topology: Topology
	let n1: Node
	let outside: Host

	before(async () => {
		topology = await createTopology({
			name: 't',
			nodes: [
				{name: 'n1', pods: ['a', 'b', 'c']},
				{name: 'n2', pods: ['d']},
			],
			clients: ['outside'],
		})
		n1 = topology.node('n1')
		outside = topology.client('outside')
		await Promise.all(topology.pods.map(pod => startEcho(topology, pod, {ports: [PORT]})))
	})

	after(() => topology?.destroy())

	for (const family of FAMILIES) {
		it(`connects pods, nodes and outside clients over ${family}`, async () => {
			const [a, b, d] = [topology.pod('a'), topology.pod('b'), topology.pod('d')]
			const pairs: readonly [Host, Host][] = [
				[a, b],
				[a, d],
				[a, n1],
				[n1, a],
				[outside, n1],
				[n1, outside],
			]
			for (const [from, to] of pairs) {
				const results = await probe(topology, from, {address: to.addresses[family], port: CLOSED_PORT})
				expect(tally(results), `${from.name} to ${to.name}`).to.deep.equal({refused: 1})
			}
		})

		for (const protocol of TRANSPORTS) {
			it(`answers ${protocol} over ${family}, on the same node and on another`, async () => {
				const a = topology.pod('a')
				for (const name of ['b', 'd']) {
					const address = topology.pod(name).addresses[family]
					const [answer] = await probe(topology, a, {protocol, address, port: PORT})
					expect(answer).to.include({pod: name, protocol, client: a.addresses[family]})
				}
			})
		}
	}

	it('gives outside clients no way to pod addresses', async () => {
		const address = topology.pod('a').addresses.ipv4
		expect(await probe(topology, outside, {address, port: PORT})).to.deep.equal([{error: 'unreachable'}])
	})

	it('keeps a connection open until the pod goes', async () => {
		const pod = await topology.addPod(n1, 'short')
		await startEcho(topology, pod, {ports: [PORT]})
		const connection = await openConnection(topology, n1, {address: pod.addresses.ipv4, port: PORT})
		const [first, second] = [await connection.ask(), await connection.ask()]
		expect(second.clientPort).to.equal(first.clientPort)
		await topology.removePod(pod)
		let reason: unknown
		await connection.ask().catch(error => {
			reason = error.reason
		})
		expect(reason).to.be.oneOf(['closed', 'reset', 'timeout'])
		await connection.close()
	})

	it('asks from another port each time, so that IPVS takes no connection for one that it remembers', async () => {
		const {ipv4: address} = topology.pod('a').addresses
		const target = {protocol: 'udp', address, port: PORT, count: 4} as const
		await topology.exec(n1, 'sh', ['-c', 'echo 40000 40003 >/proc/sys/net/ipv4/ip_local_port_range'])
		const answers = [...(await probe(topology, n1, target)), ...(await probe(topology, n1, target))]
		answers.push(...(await probeMany(topology, n1, [target, target])).flat())
		const connection = await openConnection(topology, n1, target)
		answers.push(await connection.ask())
		await connection.close()
		expect(new Set(answers.filter(isAnswer).map(({clientPort}) => clientPort))).to.have.lengthOf(4 * 4 + 1)
	})

	it('serves HTTP', async () => {
		const {stdout} = await topology.exec(n1, 'curl', ['-s', `http://${topology.pod('c').addresses.ipv4}:${PORT}/`])
		expect((JSON.parse(stdout) as Answer).pod).to.equal('c')
	})

	it('carries what IPVS balances: from a pod, also to itself, from the node and from outside', async () => {
		await topology.exec(n1, 'sh', ['-e'], {input: BALANCE})
		for (const host of [topology.pod('a'), n1, outside]) {
			const results = await probe(topology, host, {address: '10.96.0.10', port: 80, count: 6})
			expect(tally(results), host.name).to.deep.equal({a: 2, b: 2, c: 2})
		}
	})
})

/** By hand what kube-lvs does: a virtual server, its address, and masquerade for all of its traffic. */
const BALANCE = `
echo 1 >/proc/sys/net/ipv4/vs/conntrack
ipvsadm -R <<END
-A -t 10.96.0.10:80 -s rr
-a -t 10.96.0.10:80 -r 10.244.1.2:8080 -m
-a -t 10.96.0.10:80 -r 10.244.1.3:8080 -m
-a -t 10.96.0.10:80 -r 10.244.1.4:8080 -m
END
rule='POSTROUTING -m ipvs --vaddr 10.96.0.10 -j MASQUERADE'
iptables-legacy -w 5 -t nat -A $rule || iptables -w 5 -t nat -A $rule
ip link add kube-ipvs0 type dummy
ip addr add 10.96.0.10/32 dev kube-ipvs0
`
