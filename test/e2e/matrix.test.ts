import {expect} from 'chai'
import {readExpected} from '../../e2e/matrix/expected.ts'
import {outcomeOf, shownAs} from '../../e2e/matrix/outcome.ts'
import {flagsFor} from '../../e2e/matrix/settings.ts'
import {ADDRESS_KINDS, ORIGINS, PLACES} from '../../e2e/matrix/words.ts'
import type {ProbeResult} from '../../e2e/topology/answer.ts'
import type {Host, Node, Pod} from '../../e2e/topology/hosts.ts'
import {numberNode, numberPod} from '../../e2e/topology/numbering.ts'

const [n1, n2] = ['n1', 'n2'].map((name, index) => numberNode('t', name, index)) as [Node, Node]
const [a, c] = ['a', 'c'].map((name, index) => numberPod(n1, name, index)) as [Pod, Pod]
const b = numberPod(n2, 'b', 0)

const HEAD = `| address | policy | endpoints | ${ORIGINS.join(' | ')} |\n${'| --- '.repeat(3 + ORIGINS.length)}|\n`
const rowOf = (address: string, place: string, cell: string): string =>
	`| ${address} | none; internal | ${place} | ${ORIGINS.map(() => cell).join(' | ')} |\n`

const answer = (pod: Pod, client: string): ProbeResult => ({
	...{pod: pod.name, client, clientPort: 1, server: pod.addresses.ipv4, serverPort: 8080, protocol: 'tcp'},
})

describe('the tables of docs/traffic.md', () => {
	it('have every kind of address and every place of endpoints, and no cell twice', () => {
		const rows = readExpected()
		expect(new Set(rows.map(({address}) => address))).to.deep.equal(new Set(ADDRESS_KINDS))
		expect(new Set(rows.map(({endpoints}) => endpoints))).to.deep.equal(new Set(PLACES))
		const keys = rows.map(({setting, address, policy, endpoints}) => [setting, address, policy, endpoints].join())
		expect(new Set(keys).size).to.equal(keys.length)
	})

	it('have lines that stand for several rows', () => {
		const rows = readExpected(`${HEAD}${rowOf('ClusterIP, NodePort', 'both', 'all own')}\n`)
		expect(rows.map(({address, policy}) => `${address} ${policy}`)).to.deep.equal([
			'ClusterIP none',
			'ClusterIP internal',
			'NodePort none',
			'NodePort internal',
		])
		expect(rows[0]?.cells.outside).to.equal('all own')
	})

	it('say what is set in a column before the others', () => {
		const rows = readExpected(`| setting ${HEAD}| \`vipBinding: route\` ${rowOf('ClusterIP', 'both', 'all own')}`)
		expect(rows.map(({setting, policy}) => `${setting}, ${policy}`)).to.deep.equal([
			'vipBinding: route, none',
			'vipBinding: route, internal',
		])
	})

	it('are other tables where the columns are others', () => {
		expect(readExpected('| address | means |\n| --- | --- |\n| a | b |\n')).to.deep.equal([])
	})

	for (const [address, place] of [
		['Cluster', 'both'],
		['ClusterIP', 'here'],
	] as const) {
		it(`have no word that means nothing: ${address}, ${place}`, () => {
			expect(() => readExpected(HEAD + rowOf(address, place, 'all own'))).to.throw('docs/traffic.md')
		})
	}

	it('have no outcome that means nothing', () => {
		expect(() => readExpected(HEAD + rowOf('ClusterIP', 'both', 'some'))).to.throw('"some" is not what may become')
	})
})

describe('the settings of docs/traffic.md', () => {
	const PODS = ['--cluster-cidr', '10.244.0.0/16,fd00:244::/56']
	const CASES: Readonly<Record<string, readonly string[]>> = {
		'': PODS,
		'no podCIDRs': PODS,
		'no clusterCIDR': [],
		'masqueradeAll: true': [...PODS, '--masquerade-all'],
		'detectLocalMode: BridgeInterface, bridgeInterface: cni0': [
			...PODS,
			...['--detect-local-mode', 'BridgeInterface', '--bridge-interface', 'cni0'],
		],
	}
	for (const [setting, flags] of Object.entries(CASES)) {
		it(`are flags: ${setting}`, () => {
			expect(flagsFor(setting)).to.deep.equal(flags)
		})
	}
})

describe('what became of traffic', () => {
	const own = c.addresses.ipv4
	const node = n1.podGateway.ipv4
	const CASES: readonly (readonly [string, Host, string, readonly ProbeResult[]])[] = [
		['all own', c, 'none', [answer(a, own), answer(b, own)]],
		['all masq', c, 'none', [answer(a, node), answer(b, n1.addresses.ipv4)]],
		['all masq own', c, 'none', [answer(a, node), answer(b, own)]],
		['local own', c, 'none', [answer(a, own), answer(a, own)]],
		['b own', c, 'none', [answer(b, own)]],
		['one own', c, 'affinity', [answer(b, own), answer(b, own)]],
		['all own', c, 'affinity', [answer(a, own), answer(b, own)]],
		['all own', n1, 'none', [answer(a, node), answer(b, n1.addresses.ipv4)]],
		['all own', a, 'none', [answer(a, node), answer(b, a.addresses.ipv4)]],
		['local', a, 'none', [answer(a, node)]],
		['local itself own', a, 'none', [answer(a, a.addresses.ipv4)]],
		['local 192.0.2.99', c, 'none', [answer(a, '192.0.2.99')]],
		['refused', c, 'none', [{error: 'refused'}, {error: 'refused'}]],
		['dropped', c, 'none', [{error: 'timeout'}]],
		['{"refused":1,"timeout":1}', c, 'none', [{error: 'refused'}, {error: 'timeout'}]],
		['{"a":1,"timeout":1}', c, 'none', [answer(a, own), {error: 'timeout'}]],
	]
	for (const [expected, asker, policy, results] of CASES) {
		it(`is "${expected}" for ${asker.name} with policy ${policy}: ${JSON.stringify(results.map(Object.values))}`, () => {
			expect(outcomeOf({asker, node: n1, endpoints: [a, b], policy}, results)).to.equal(expected)
		})
	}

	it('shows in its own way over SCTP, and over UDP from the node', () => {
		expect(shownAs('refused', 'sctp', 'pod')).to.equal('dropped')
		expect(shownAs('dropped', 'udp', 'node')).to.equal('unreachable')
		expect(shownAs('refused', 'udp', 'pod')).to.equal('refused')
		expect(shownAs('all own', 'sctp', 'node')).to.equal('all own')
	})
})
