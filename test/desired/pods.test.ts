import {expect} from 'chai'
import {parseConfig} from '../../src/config/parse.ts'
import {podMatchesOf} from '../../src/desired/pods.ts'
import {FAMILIES} from '../../src/net/address.ts'
import {parsePrefix} from '../../src/net/prefix.ts'

const CLUSTER = 'clusterCIDR: [10.244.0.0/16, "fd00:244::/56"]'
const NODE = ['10.244.1.0/24', 'fd00:244:0:1::/64'].flatMap(text => parsePrefix(text) ?? [])
const FROM_NODE = '-m addrtype --src-type LOCAL'

/** What pods send, and what is masqueraded of what comes from inside: for IPv4, and for IPv6. */
const CASES: readonly [
	title: string,
	config: string,
	podCIDRs: typeof NODE,
	expected: readonly (string | undefined)[],
][] = [
	[
		'pods of other nodes are masqueraded, and the node itself',
		CLUSTER,
		NODE,
		['-s 10.244.0.0/16', '! -s 10.244.1.0/24', '-s fd00:244::/56', '! -s fd00:244:0:1::/64'],
	],
	[
		'pods of this node cannot be told from others',
		CLUSTER,
		NODE.slice(0, 1),
		['-s 10.244.0.0/16', '! -s 10.244.1.0/24', '-s fd00:244::/56', ''],
	],
	['no pods can be told', '', NODE, [undefined, FROM_NODE, undefined, FROM_NODE]],
	[
		'only pods of this node are inside',
		'detectLocalMode: NodeCIDR',
		NODE.slice(0, 1),
		['-s 10.244.1.0/24', FROM_NODE, undefined, FROM_NODE],
	],
	[
		'only what comes by the bridge is inside',
		'detectLocalMode: BridgeInterface\nbridgeInterface: cni0',
		NODE,
		['-i cni0', FROM_NODE, '-i cni0', FROM_NODE],
	],
	[
		'only what comes by such interfaces is inside',
		'detectLocalMode: InterfaceNamePrefix\ninterfaceNamePrefix: veth',
		NODE,
		['-i veth+', FROM_NODE, '-i veth+', FROM_NODE],
	],
]

describe('what pods send', () => {
	for (const [title, config, podCIDRs, expected] of CASES) {
		it(title, () => {
			const found = FAMILIES.map(family => podMatchesOf(parseConfig(config), podCIDRs, family))
			expect(found.flatMap(({fromPods, needsWayBack}) => [fromPods, needsWayBack])).to.deep.equal(expected)
		})
	}

	it('is known by its source where the network of the pods on this node is, unless all is masqueraded', () => {
		const elsewhere = (config: string, podCIDRs: typeof NODE) =>
			FAMILIES.map(family => podMatchesOf(parseConfig(config), podCIDRs, family).fromElsewhere)
		for (const config of ['', CLUSTER, 'detectLocalMode: NodeCIDR']) {
			expect(elsewhere(config, NODE)).to.deep.equal(['! -s 10.244.1.0/24', '! -s fd00:244:0:1::/64'])
			expect(elsewhere(config, NODE.slice(0, 1))).to.deep.equal(['! -s 10.244.1.0/24', ''])
		}
		expect(elsewhere('masqueradeAll: true', NODE)).to.deep.equal(['', ''])
	})
})
