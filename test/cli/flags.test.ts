import {expect} from 'chai'
import {Command} from 'commander'
import {addConfigFlags, flagName, flagsOf} from '../../src/cli/flags.ts'
import {CONFIG_SCHEMA, type ConfigField} from '../../src/config/fields.ts'
import {parseConfig} from '../../src/config/parse.ts'

const parse = (...args: readonly string[]) => {
	const command = addConfigFlags(new Command())
	command.parse(args, {from: 'user'})
	return flagsOf(command)
}

describe('the flags', () => {
	const cases: readonly {field: ConfigField; flag: string}[] = [
		{field: 'scheduler', flag: 'scheduler'},
		{field: 'clusterCIDR', flag: 'cluster-cidr'},
		{field: 'excludeCIDRs', flag: 'exclude-cidrs'},
		{field: 'strictARP', flag: 'strict-arp'},
		{field: 'conntrackTCPBeLiberal', flag: 'conntrack-tcp-be-liberal'},
		{field: 'conntrackTCPCloseWaitTimeout', flag: 'conntrack-tcp-close-wait-timeout'},
		{field: 'externalIPNetworks', flag: 'external-ip-networks'},
		{field: 'serveExternalIPs', flag: 'serve-external-ips'},
		{field: 'oomScoreAdj', flag: 'oom-score-adj'},
		{field: 'nodePortAddresses', flag: 'node-port-addresses'},
	]
	for (const {field, flag} of cases) {
		it(`call ${field} --${flag}`, () => expect(flagName(field)).to.equal(flag))
	}

	it('exist for every field of the configuration', () => {
		const help = addConfigFlags(new Command()).helpInformation()
		for (const field of Object.keys(CONFIG_SCHEMA.shape) as ConfigField[]) {
			const isMeta = field === 'apiVersion' || field === 'kind'
			expect(help.includes(`--${flagName(field)} `), field).to.equal(!isMeta)
		}
	})

	it('give values as they would stand in the file', () => {
		const flags = parse(
			'--cluster-cidr',
			'10.0.0.0/8,fd00::/8',
			'--masquerade-bit',
			'17',
			'--strict-arp',
			'--audit-interval',
			'5s',
			'--healthz-bind-address',
			'[::]:10256',
		)
		expect(flags).to.deep.equal({
			clusterCIDR: ['10.0.0.0/8', 'fd00::/8'],
			masqueradeBit: 17,
			strictARP: true,
			auditInterval: '5s',
			healthzBindAddress: '[::]:10256',
		})
		expect(parseConfig('', flags)).to.include({masqueradeBit: 17, strictARP: true, auditInterval: 5000})
	})

	it('may switch a boolean off', () => expect(parse('--masquerade-all', 'false')).to.deep.equal({masqueradeAll: false}))

	it('may be anything, for the configuration to judge', () => {
		expect(() => parseConfig('', parse('--masquerade-bit', '['))).to.throw('masqueradeBit: ')
	})

	it('say nothing that was not said', () => expect(parse()).to.deep.equal({}))
})
