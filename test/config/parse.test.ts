import {expect} from 'chai'
import {type ConfigField, DEFAULT_CONFIG} from '../../src/config/fields.ts'
import {ConfigError, parseConfig} from '../../src/config/parse.ts'

/** For each field a value that is wrong, and what the message has to say of it. */
const WRONG: readonly (readonly [field: ConfigField, value: string, message: RegExp])[] = [
	['apiVersion', 'v1', /kube-lvs\.io\/v1alpha1/],
	['kind', 'KubeProxyConfiguration', /KubeLvsConfiguration/],
	['nodeName', '[a]', /string/],
	['source', '7', /string/],
	['kubeconfig', 'true', /string/],
	['apiServers', 'https://192.0.2.10:6443', /array/],
	['apiServers', '[192.0.2.10]', /\[0\]: "192\.0\.2\.10" is not a URL of an API server/],
	['apiServers', '["192.0.2.10:6443"]', /is not a URL/],
	['apiServers', '["https://192.0.2.10:6443", "https://"]', /\[1\]: "https:\/\/" is not a URL/],
	['apiServers', '["https://192.0.2.10:6443/?a=b"]', /is not a URL/],
	['apiServers', '["https://user:secret@192.0.2.10"]', /is not a URL/],
	['clusterCIDR', '10.244.0.0/16', /array/],
	['clusterCIDR', '[10.244.0.0]', /"10\.244\.0\.0" is not a network/],
	['detectLocalMode', 'Guess', /ClusterCIDR/],
	['bridgeInterface', '{}', /string/],
	['interfaceNamePrefix', '1', /string/],
	['masqueradeAll', '"yes"', /boolean/],
	['masqueradeBit', '32', /31/],
	['masqueradeBit', '-1', /0/],
	['masqueradeBit', '1.5', /int/],
	['serviceCIDR', '[10.96.0.1]', /not a network/],
	['bindAddress', 'eth0', /"eth0" is not an IP address/],
	['nodePortAddresses', 'primary', /array/],
	['nodePortAddresses', '[primary, 10.0.0.0/8]', /\[0\]: "primary" is not a network .*; primary stands alone/],
	['nodePortAddresses', '[10.0.0.0/8, 10.0.0.0]', /\[1\]: "10\.0\.0\.0" is not a network/],
	['serveExternalIPs', '"true"', /boolean/],
	['externalIPNetworks', '[all]', /not a network/],
	['loadBalancerIPNetworks', '[203.0.113.0/33]', /not a network/],
	['watchAllNodes', '1', /boolean/],
	['scheduler', 'RR', /such as rr/],
	['scheduler', 'abcdefghijklmnop', /such as rr/],
	['scheduler', '""', /such as rr/],
	['compatibility', 'kube-router', /array/],
	['compatibility', '[kube-proxy]', /kube-router/],
	['excludeCIDRs', '[fd00::/129]', /not a network/],
	['vipBinding', 'both', /auto/],
	['strictARP', '1', /boolean/],
	['minSyncInterval', '"-1s"', /such as 0s/],
	['auditInterval', '"0s"', /duration above 0/],
	['auditInterval', '30', /string/],
	['auditInterval', '30 s', /such as 30s/],
	['drainInterval', '5d', /such as 30s/],
	['drainDeadline', '0s', /duration above 0/],
	['tcpTimeout', '15', /string/],
	['tcpFinTimeout', '-2m', /such as 0s/],
	['udpTimeout', 'long', /such as 0s/],
	['conntrackMaxPerCore', '-1', />=0/],
	['conntrackMin', '-1', />=0/],
	['conntrackTCPEstablishedTimeout', '-1h', /such as 0s/],
	['conntrackTCPCloseWaitTimeout', '-1h', /such as 0s/],
	['conntrackTCPBeLiberal', '1', /boolean/],
	['conntrackUDPTimeout', '-1h', /such as 0s/],
	['conntrackUDPStreamTimeout', '-1h', /such as 0s/],
	['healthzBindAddress', 'localhost', /"localhost" is not an address and port/],
	['metricsBindAddress', '127.0.0.1:0', /not an address and port/],
	['trafficMetrics', 'all', /none/],
	['kubeProxyMetrics', '1', /boolean/],
	['bindAddressHardFail', '1', /boolean/],
	['oomScoreAdj', '-1001', /-1000/],
	['oomScoreAdj', '1001', /1000/],
	['runtimeDirectory', '""', /./],
	['journalMegabytes', '101', /100/],
	['logLevel', 'trace', /info/],
]

const errorOf = (text: string, flags?: Readonly<Record<string, unknown>>): string => {
	try {
		parseConfig(text, flags)
	} catch (error) {
		expect(error).to.be.instanceOf(ConfigError)
		return error instanceof Error ? error.message : ''
	}
	return expect.fail('accepted')
}

describe('the configuration', () => {
	it('has a default for every field', () => {
		expect(parseConfig('')).to.deep.equal(DEFAULT_CONFIG)
		expect(DEFAULT_CONFIG).to.deep.include({
			scheduler: 'rr',
			masqueradeBit: 14,
			vipBinding: 'auto',
			auditInterval: 30_000,
		})
	})

	it('is a file of fields, of which those given win over defaults', () => {
		const config = parseConfig(
			'apiVersion: kube-lvs.io/v1alpha1\nkind: KubeLvsConfiguration\nscheduler: mh\nclusterCIDR: [10.244.1.5/16, "fd00:244::/56"]\nauditInterval: 1m30s\n',
		)
		expect(config).to.deep.equal({
			...DEFAULT_CONFIG,
			scheduler: 'mh',
			clusterCIDR: [
				{address: '10.244.0.0', length: 16},
				{address: 'fd00:244::', length: 56},
			],
			auditInterval: 90_000,
		})
	})

	it('takes flags over the file', () => {
		expect(parseConfig('scheduler: mh\nlogLevel: warn', {scheduler: 'lc'})).to.deep.include({
			scheduler: 'lc',
			logLevel: 'warn',
		})
	})

	for (const [text, expected] of [
		[
			'apiServers: ["https://192.0.2.10:6443/", "https://[fd00::a]:6443", "http://localhost:8001/k8s/clusters/c1"]',
			{apiServers: ['https://192.0.2.10:6443', 'https://[fd00::a]:6443', 'http://localhost:8001/k8s/clusters/c1']},
		],
		['nodePortAddresses: [primary]', {nodePortAddresses: 'primary'}],
		['healthzBindAddress: 0.0.0.0', {healthzBindAddress: {address: '0.0.0.0', port: 10_256}}],
		['metricsBindAddress: "[::1]:9100"', {metricsBindAddress: {address: '::1', port: 9100}}],
		['healthzBindAddress: ""\nmetricsBindAddress: ""', {healthzBindAddress: undefined, metricsBindAddress: undefined}],
		['minSyncInterval: 0s', {minSyncInterval: 0}],
		['bindAddress: 0.0.0.0', {bindAddress: undefined}],
		['bindAddress: 192.0.2.10', {bindAddress: '192.0.2.10', healthzBindAddress: {address: '0.0.0.0', port: 10_256}}],
		[
			'bindAddress: "::"',
			{
				bindAddress: undefined,
				healthzBindAddress: {address: '::', port: 10_256},
				metricsBindAddress: {address: '::1', port: 10_249},
			},
		],
		[
			'bindAddress: "2001:DB8::10"\nhealthzBindAddress: ""',
			{bindAddress: '2001:db8::10', healthzBindAddress: undefined},
		],
	] as const) {
		it(`reads ${text.replaceAll('\n', ', ')}`, () => {
			expect(parseConfig(text)).to.deep.include(expected)
		})
	}

	for (const [field, value, message] of WRONG) {
		it(`refuses ${field}: ${value}`, () => {
			const error = errorOf(`${field}: ${value}`)
			expect(error).to.match(message)
			expect(error.startsWith(field), error).to.equal(true)
		})
	}

	it('has a wrong value in the table for every field', () => {
		expect(new Set(WRONG.map(([field]) => field))).to.deep.equal(new Set(Object.keys(DEFAULT_CONFIG)))
	})

	it('names unknown fields, of the file and of the flags', () => {
		expect(errorOf('schedular: rr')).to.equal('schedular: there is no such field')
		expect(errorOf('', {schedular: 'rr'})).to.equal('schedular: there is no such field')
	})

	it('reports everything that is wrong, a line each', () => {
		expect(errorOf('schedular: rr\nmasqueradeBit: 99\nlogLevel: loud').split('\n').length).to.equal(3)
	})

	for (const [title, text] of [
		['is no YAML', 'scheduler: [rr'],
		['is a list', '- scheduler: rr'],
		['is a word', 'scheduler'],
		['has a field twice', 'scheduler: rr\nscheduler: lc'],
	] as const) {
		it(`refuses a file that ${title}`, () => {
			expect(errorOf(text)).to.match(/^configuration file: /)
		})
	}

	for (const [text, message] of [
		['clusterCIDR: [10.244.0.0/16, 10.245.0.0/16]', 'clusterCIDR: expected one network, or one of each family'],
		[
			'clusterCIDR: [0.0.0.0/0]',
			'clusterCIDR: expected the network of the pods; where that is every address, leave it out',
		],
		['detectLocalMode: BridgeInterface', 'bridgeInterface: needed by detectLocalMode BridgeInterface'],
		['detectLocalMode: InterfaceNamePrefix', 'interfaceNamePrefix: needed by detectLocalMode InterfaceNamePrefix'],
		['source: ./yaml\nkubeconfig: ./config', 'source: either source or kubeconfig, not both'],
		['source: ./yaml\napiServers: ["https://a"]', 'source: either source or apiServers, not both'],
	] as const) {
		it(`checks fields that belong together: ${text.replaceAll('\n', ', ')}`, () => {
			expect(errorOf(text)).to.equal(message)
		})
	}
})
