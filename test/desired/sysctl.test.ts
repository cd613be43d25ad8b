import {expect} from 'chai'
import {parseConfig} from '../../src/config/parse.ts'
import {sysctlsOf, tuningOf} from '../../src/desired/sysctl.ts'
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

describe('connection tracking', () => {
	const tuned = (config: string, cpus = 2): readonly string[] =>
		tuningOf(parseConfig(config), {...MODERN_NODE, cpus}).map(
			({path, value}) => `${path.replace(/.*nf_conntrack./, '')} ${value}`,
		)

	const sizes: readonly (readonly [config: string, cpus: number, max: number])[] = [
		['', 4, 131_072],
		['', 2, 131_072],
		['', 5, 163_840],
		['', 512, 1_048_576],
		['', 32, 1_048_576],
		['conntrackMin: 5', 1, 32_768],
		['conntrackMin: 2000000', 2, 2_000_000],
	]
	for (const [config, cpus, max] of sizes) {
		it(`has room for ${max} connections on ${cpus} CPUs with ${config || 'defaults'}`, () => {
			expect(tuned(config, cpus).slice(0, 2)).to.deep.equal([`max ${max}`, `parameters/hashsize ${max / 4}`])
		})
	}

	const OFF = 'conntrackMaxPerCore: 0\nconntrackTCPEstablishedTimeout: 0s\nconntrackTCPCloseWaitTimeout: 0s\n'
	const timeouts: readonly (readonly [config: string, expected: readonly string[]])[] = [
		['', []],
		['conntrackMin: 5', []],
		['conntrackTCPEstablishedTimeout: 24h', ['tcp_timeout_established 86400']],
		['conntrackTCPCloseWaitTimeout: 90500ms', ['tcp_timeout_close_wait 90']],
		['conntrackUDPTimeout: 30s', ['udp_timeout 30']],
		['conntrackUDPStreamTimeout: 2m', ['udp_timeout_stream 120']],
		['conntrackUDPStreamTimeout: 900ms', []],
		['conntrackTCPBeLiberal: true', ['tcp_be_liberal 1']],
	]
	for (const [config, expected] of timeouts) {
		it(`is ${expected.join() || 'left as it is'} with ${config || 'everything off'}`, () => {
			const text = OFF.split('\n').filter(line => line.split(':')[0] !== config.split(':')[0])
			expect(tuned(`${text.join('\n')}${config}`)).to.deep.equal(expected)
		})
	}

	it('is mended where the node has let us tune it, and nowhere else', () => {
		expect(textOf('')).to.deep.equal(ALWAYS)
		const facts = {...MODERN_NODE, tunable: new Set(['net/netfilter/nf_conntrack_max'])}
		expect(textOf('', facts)).to.deep.equal([...ALWAYS, 'net/netfilter/nf_conntrack_max 131072'])
	})
})
