import {expect} from 'chai'
import {parseConfig} from '../../src/config/parse.ts'
import {isSameContext, nodeContextOf, type Surroundings} from '../../src/desired/node-context.ts'
import type {Node} from '../../src/model/node.ts'
import {nodeContext} from '../model/build.ts'
import {address} from '../state/build.ts'

const HOST = new Set(['192.0.2.10', '198.51.100.1', '2001:db8::10'].map(address))

const around = (settings: Partial<Surroundings> = {}): Surroundings => ({
	families: ['ipv4', 'ipv6'],
	ownAddresses: HOST,
	gateways: new Set(),
	otherNodes: new Set(),
	apiServers: [],
	lacking: new Set(),
	nodeWeights: new Map(),
	...settings,
})

const CASES: readonly (readonly [networks: string, addresses: readonly string[]])[] = [
	['[]', ['192.0.2.10', '198.51.100.1', '2001:db8::10']],
	['[192.0.2.0/24]', ['192.0.2.10', '2001:db8::10']],
	['["2001:db8:f::/48"]', ['192.0.2.10', '198.51.100.1']],
	['[192.0.2.0/24, 198.51.100.0/24, "2001:db8::/32"]', ['192.0.2.10', '198.51.100.1', '2001:db8::10']],
	['[0.0.0.0/0]', ['192.0.2.10', '198.51.100.1', '2001:db8::10']],
	['[10.0.0.0/8, "fd00::/8"]', []],
]

describe('the context of the node', () => {
	for (const [networks, addresses] of CASES) {
		it(`has for nodePortAddresses ${networks}: ${addresses.join(', ') || 'none'}`, () => {
			const config = parseConfig(`nodePortAddresses: ${networks}`)
			expect(nodeContextOf(config, undefined, around()).nodePortAddresses).to.deep.equal(addresses)
		})
	}

	it('has for nodePortAddresses [primary] the first address of each family that the Node says', () => {
		const node: Node = {
			name: 'n1',
			zone: '',
			addresses: ['198.51.100.1', '192.0.2.10', '2001:db8::10'].map(address),
			podCIDRs: [],
			deleting: false,
			taints: [],
			annotations: new Map(),
		}
		const primaryOf = (known: Node | undefined) =>
			nodeContextOf(parseConfig('nodePortAddresses: [primary]'), known, around()).nodePortAddresses
		expect(primaryOf(node)).to.deep.equal(['198.51.100.1', '2001:db8::10'])
		expect(primaryOf(undefined)).to.deep.equal([])
	})

	it('has the name of the configuration, and no zone as long as the Node is not known', () => {
		const context = nodeContextOf(parseConfig('nodeName: n1'), undefined, around({families: ['ipv4']}))
		expect(context).to.deep.include({name: 'n1', zone: '', families: ['ipv4'], ownAddresses: HOST})
	})

	it('is the same for every Service unless something of it changes', () => {
		const context = nodeContext()
		expect(isSameContext(context, nodeContext())).to.equal(true)
		for (const change of [
			{name: 'n2'},
			{zone: 'zb'},
			{families: ['ipv4'] as const},
			{nodePortAddresses: []},
			{ownAddresses: new Set<never>()},
		]) {
			expect(isSameContext(context, nodeContext(change)), JSON.stringify(change)).to.equal(false)
		}
	})
})
