import {expect} from 'chai'
import {readNodeState} from '../../e2e/scenario/node-state.ts'
import {serviceObject, sliceObjects} from '../../e2e/scenario/objects.ts'
import {createServedTopology, type ServedTopology} from '../../e2e/scenario/served-topology.ts'
import {tally} from '../../e2e/topology/answer.ts'
import {probe} from '../../e2e/topology/probe.ts'
import {eventually} from '../support/eventually.ts'

/** What belongs to others. */
const FOREIGN_SERVERS = `
	ipvsadm -A -t 198.51.100.1:80 -s wrr
	ipvsadm -a -t 198.51.100.1:80 -r 198.51.100.2:80 -m -w 7
	ipvsadm -A -f 77 -s rr
`
const FOREIGN_RULES = `
	iptables-legacy -t nat -A PREROUTING -j FOREIGN
	iptables-legacy -A INPUT -s 198.51.100.5 -j DROP
`
const FOREIGN = `
	ipset create FOREIGN hash:ip
	ipset add FOREIGN 198.51.100.3
	iptables-legacy -t nat -N FOREIGN
	iptables-legacy -t nat -A FOREIGN -s 198.51.100.4 -j ACCEPT
`

/** What somebody does to the node by hand; what belongs to others is put back. */
const DAMAGES = {
	'ipvsadm -C': `ipvsadm -C; ${FOREIGN_SERVERS}`,
	'a flushed dummy interface': 'ip addr flush dev kube-ipvs0; ip -6 addr flush dev kube-ipvs0',
	'a deleted dummy interface': 'ip link del kube-ipvs0',
	'deleted members of ipsets': `ipset del KUBE-CLUSTER-IP 10.96.0.10,tcp:80; ipset del KUBE-6-IPVS-IPS fd00:96::a;
		ipset add KUBE-CLUSTER-IP 10.96.0.99,tcp:80`,
	'flushed chains': `iptables-legacy -t nat -F KUBE-SERVICES; iptables-legacy -F KUBE-IPVS-FILTER;
		ip6tables-legacy -t nat -F KUBE-POSTROUTING`,
	'deleted jumps': `iptables-legacy -t nat -F PREROUTING; iptables-legacy -F INPUT;
		ip6tables-legacy -t nat -F POSTROUTING; ${FOREIGN_RULES}`,
	'a changed scheduler': 'ipvsadm -E -t 10.96.0.10:80 -s wlc',
	'a changed weight': 'ipvsadm -e -t 10.96.0.10:80 -r 10.244.1.2:8080 -m -w 0',
	'a removed real server': 'ipvsadm -d -t 10.96.0.10:80 -r 10.244.1.2:8080',
	'a real server too many': 'ipvsadm -a -u 10.96.0.10:80 -r 10.244.1.99:8080 -m',
	'a stray VIP': 'ip addr add 10.96.0.77/32 dev kube-ipvs0; ipvsadm -A -t 10.96.0.77:80 -s rr',
} as const

describe('an audit', function () {
	this.timeout(300_000)
	let served: ServedTopology
	let expected: readonly string[]

	const node = () => served.topology.node('n1')
	const state = () => readNodeState(served.topology, node())
	const shell = (script: string) => served.topology.exec(node(), 'sh', ['-e', '-c', script])

	before(async () => {
		served = await createServedTopology('audit', '--audit-interval', '2s')
		const {objects, topology} = served
		await objects.apply(
			serviceObject({name: 'web', number: 10, nodePort: 30080}),
			...sliceObjects('web', topology.pods),
		)
		await shell(FOREIGN + FOREIGN_SERVERS + FOREIGN_RULES)
		await served.kubeLvs.start()
		expected = await state()
	})

	after(() => served?.destroy())

	for (const [name, script] of Object.entries(DAMAGES)) {
		it(`repairs ${name}`, async () => {
			const from = served.kubeLvs.log.length
			await shell(script)
			await served.kubeLvs.waitFor(line => line.msg.startsWith('audit: the kernel was not'), from)
			// A real server that is drained needs a second look.
			await eventually(async () => expect(await state()).to.deep.equal(expected), 60_000, 500)
			const counts = tally(
				await probe(served.topology, served.topology.client('outside'), {address: '10.96.0.10', port: 80, count: 3}),
			)
			expect(counts).to.deep.equal({a: 1, b: 1, c: 1})
		})
	}

	it('writes nothing when nothing has changed', async () => {
		const from = served.kubeLvs.log.length
		await new Promise(resolve => setTimeout(resolve, 5000))
		expect(served.kubeLvs.log.slice(from)).to.deep.equal([])
	})
})
