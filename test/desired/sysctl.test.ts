import {expect} from 'chai'
import {parseConfig} from '../../src/config/parse.ts'
import {sysctlsOf} from '../../src/desired/sysctl.ts'

const textOf = (config: string): readonly string[] =>
	sysctlsOf(parseConfig(config)).map(({path, value}) => `${path} ${value}`)

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
		expect(sysctlsOf(parseConfig('strictARP: true')).every(({why}) => why.length > 10)).to.equal(true)
	})
})
