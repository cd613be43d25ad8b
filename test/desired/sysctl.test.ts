import {expect} from 'chai'
import {parseConfig} from '../../src/config/parse.ts'
import {sysctlsOf} from '../../src/desired/sysctl.ts'
import {MODERN_NODE, type NodeFacts, parseVersion} from '../../src/state/node-facts.ts'

const textOf = (config: string, facts: NodeFacts = MODERN_NODE): readonly string[] =>
	sysctlsOf(parseConfig(config), facts).map(({path, value}) => `${path} ${value}`)

const ALWAYS = [
	'net/ipv4/vs/conntrack 1',
	'net/ipv4/vs/expire_nodest_conn 1',
	'net/ipv4/vs/expire_quiescent_template 1',
	'net/ipv4/ip_forward 1',
]

describe('kernel settings', () => {
	it('are those without which nothing works', () => {
		expect(textOf('')).to.deep.equal(ALWAYS)
	})

	it('keep the node from answering for VIPs where that is configured', () => {
		expect(textOf('strictARP: true')).to.deep.equal([
			...ALWAYS,
			'net/ipv4/conf/all/arp_ignore 1',
			'net/ipv4/conf/all/arp_announce 2',
		])
	})

	it('say what does not work without them', () => {
		const old = {...MODERN_NODE, kernelVersion: [5, 4]}
		expect(sysctlsOf(parseConfig('strictARP: true'), old).every(({why}) => why.length > 10)).to.equal(true)
	})

	const reuse: readonly (readonly [release: string, isSet: boolean])[] = [
		['4.0.9', false],
		['4.1.0', true],
		['5.4.0-190-generic', true],
		['5.8.18', true],
		['5.9.0', false],
		['5.15.0', false],
		['', false],
	]
	for (const [release, isSet] of reuse) {
		it(`${isSet ? 'keep' : 'do not keep'} old connections of a reused port on Linux ${release || 'unknown'}`, () => {
			const facts = {...MODERN_NODE, kernelVersion: parseVersion(release)}
			expect(textOf('', facts).includes('net/ipv4/vs/conn_reuse_mode 0')).to.equal(isSet)
		})
	}
})
