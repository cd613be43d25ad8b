import {expect} from 'chai'
import {parseConfig} from '../../src/config/parse.ts'
import {vipsOf} from '../../src/desired/addresses.ts'
import type {NodeContext} from '../../src/model/node-context.ts'
import {nodeContext, service, servicePort} from '../model/build.ts'
import {address} from '../state/build.ts'

/** One address for each thing that must stay reachable. */
const NODE = nodeContext({
	otherNodes: new Set(['192.0.2.20', '2001:db8::20'].map(address)),
	gateways: new Set(['192.0.2.1', '2001:db8::1'].map(address)),
	apiServers: ['192.0.2.10', '192.0.2.20', '198.51.100.6'].map(text => ({address: address(text), port: 6443})),
})

interface Case {
	readonly claim: string
	readonly port?: number
	readonly config?: string
	/** `bind`, `serve` (it is the node's own), `leave`, or why it is refused. */
	readonly expected: string
}

const CASES: readonly Case[] = [
	{claim: '203.0.113.7', expected: 'bind'},
	{claim: '192.0.2.10', expected: 'serve'},
	{claim: '192.0.2.10', port: 6443, expected: '192.0.2.10 is where an API server answers; it is not served'},
	{claim: '192.0.2.20', expected: 'leave'},
	{claim: '192.0.2.20', port: 6443, expected: '192.0.2.20 is where an API server answers; it is not served'},
	{claim: '198.51.100.6', expected: '198.51.100.6 is where an API server answers; it is not served'},
	{claim: '192.0.2.1', expected: '192.0.2.1 is a gateway of this node; it is not served'},
	{claim: '203.0.113.7', config: 'NETWORKS: [203.0.113.0/24]', expected: 'bind'},
	{
		claim: '203.0.113.7',
		config: 'NETWORKS: [198.51.100.0/24]',
		expected: '203.0.113.7 is in none of the networks of NETWORKS; it is not served',
	},
	{
		claim: '203.0.113.7',
		config: 'NETWORKS: ["2001:db8::/32"]',
		expected: '203.0.113.7 is in none of the networks of NETWORKS; it is not served',
	},
]

const judge = (claims: Parameters<typeof service>[0], {port, config = ''}: Case, node: NodeContext = NODE): string => {
	const {vips, problems} = vipsOf(
		service(claims),
		servicePort({port: port ?? 80}),
		{family: 'ipv4', node},
		parseConfig(config),
	)
	const [vip] = vips.filter(({kind}) => kind !== 'cluster-ip')
	return problems[0]?.message ?? (vip ? (vip.isBound ? 'bind' : 'serve') : 'leave')
}

const named = (test: Case, networks: string): Case => ({
	...test,
	expected: test.expected.replace('NETWORKS', networks),
	...(test.config ? {config: test.config.replace('NETWORKS', networks)} : {}),
})

describe('an address that a Service claims', () => {
	for (const test of CASES) {
		const title = `${test.claim} port ${test.port ?? 80} ${test.config ?? ''}: ${test.expected}`
		it(`as an external IP: ${title}`, () => {
			const {expected, ...given} = named(test, 'externalIPNetworks')
			expect(judge({externalIPs: [address(test.claim)]}, {...given, expected})).to.equal(expected)
		})

		it(`as a load-balancer IP: ${title}`, () => {
			const {expected, ...given} = named(test, 'loadBalancerIPNetworks')
			expect(judge({loadBalancerIPs: [address(test.claim)]}, {...given, expected})).to.equal(expected)
		})
	}

	it('as an external IP is not even looked at where external IPs are not served', () => {
		const given: Case = {claim: '192.0.2.1', config: 'serveExternalIPs: false', expected: 'leave'}
		expect(judge({externalIPs: [address('192.0.2.1')]}, given)).to.equal('leave')
	})

	it('is refused with the name of the object and the field', () => {
		const given = service({uid: 'u1', externalIPs: [address('192.0.2.1')]})
		const {problems} = vipsOf(given, servicePort(), {family: 'ipv4', node: NODE}, parseConfig(''))
		expect(problems).to.deep.equal([
			{
				object: {kind: 'Service', namespace: 'ns', name: 's', uid: 'u1'},
				field: 'spec.externalIPs',
				reason: 'AddressRefused',
				message: '192.0.2.1 is a gateway of this node; it is not served',
				isOfNode: true,
			},
		])
	})

	it('is refused by every node alike, unless it is the gateway of this one', () => {
		const given = service({externalIPs: [address('198.51.100.6')]})
		const {problems} = vipsOf(given, servicePort(), {family: 'ipv4', node: NODE}, parseConfig(''))
		expect(problems.map(({isOfNode}) => isOfNode)).to.deep.equal([undefined])
	})
})
