import {expect} from 'chai'
import {KUBE_PROXY_FIELDS} from '../../../src/config/kube-proxy/fields.ts'
import {parseConfig} from '../../../src/config/parse.ts'
import {errorsOf, HEAD, read} from './read-file.ts'

/** For each field that sets one of ours a value that is not kube-proxy's default, and what comes of it. */
const HONOURED: Readonly<Record<string, readonly [value: string, expected: object]>> = {
	hostnameOverride: ['n7', {nodeName: 'n7'}],
	'clientConnection.kubeconfig': ['/k.conf', {kubeconfig: '/k.conf'}],
	bindAddress: ['192.0.2.10', {bindAddress: '192.0.2.10'}],
	healthzBindAddress: ['192.0.2.10', {healthzBindAddress: {address: '192.0.2.10', port: 10_256}}],
	metricsBindAddress: ['0.0.0.0:9100', {metricsBindAddress: {address: '0.0.0.0', port: 9100}}],
	bindAddressHardFail: ['true', {bindAddressHardFail: true}],
	clusterCIDR: ['"fd00::/8"', {clusterCIDR: [{address: 'fd00::', length: 8}]}],
	detectLocalMode: ['NodeCIDR', {detectLocalMode: 'NodeCIDR'}],
	'detectLocal.bridgeInterface': ['cbr0', {bridgeInterface: 'cbr0'}],
	'detectLocal.interfaceNamePrefix': ['cali', {interfaceNamePrefix: 'cali'}],
	nodePortAddresses: ['[primary]', {nodePortAddresses: 'primary'}],
	'ipvs.scheduler': ['mh', {scheduler: 'mh'}],
	'ipvs.syncPeriod': ['1m30s', {auditInterval: 90_000}],
	'ipvs.minSyncPeriod': ['1500ms', {minSyncInterval: 1500}],
	'ipvs.excludeCIDRs': ['[10.9.0.0/16]', {excludeCIDRs: [{address: '10.9.0.0', length: 16}]}],
	'ipvs.strictARP': ['true', {strictARP: true}],
	'ipvs.tcpTimeout': ['15m', {tcpTimeout: 900_000}],
	'ipvs.tcpFinTimeout': ['2m', {tcpFinTimeout: 120_000}],
	'ipvs.udpTimeout': ['5m', {udpTimeout: 300_000}],
	'iptables.masqueradeAll': ['yes', {masqueradeAll: true}],
	'iptables.masqueradeBit': ['17', {masqueradeBit: 17}],
	'conntrack.maxPerCore': ['0', {conntrackMaxPerCore: 0}],
	'conntrack.min': ['7', {conntrackMin: 7}],
	'conntrack.tcpEstablishedTimeout': ['0s', {conntrackTCPEstablishedTimeout: 0}],
	'conntrack.tcpCloseWaitTimeout': ['2h', {conntrackTCPCloseWaitTimeout: 7_200_000}],
	'conntrack.tcpBeLiberal': ['true', {conntrackTCPBeLiberal: true}],
	'conntrack.udpTimeout': ['30s', {conntrackUDPTimeout: 30_000}],
	'conntrack.udpStreamTimeout': ['2m', {conntrackUDPStreamTimeout: 120_000}],
	'featureGates.AllowServiceExternalIPs': ['false', {serveExternalIPs: false}],
	oomScoreAdj: ['0', {oomScoreAdj: 0}],
	'logging.verbosity': ['4', {logLevel: 'debug'}],
}

/** For each field without effect a value that is not its default. */
const WITHOUT_EFFECT: Readonly<Record<string, string>> = {
	mode: 'iptables',
	'clientConnection.acceptContentTypes': 'application/cbor',
	'clientConnection.contentType': 'application/cbor',
	'clientConnection.qps': '50',
	'clientConnection.burst': '100',
	enableProfiling: 'true',
	showHiddenMetricsForVersion: '"1.35"',
	'iptables.localhostNodePorts': 'false',
	'iptables.syncPeriod': '1m',
	'iptables.minSyncPeriod': '2s',
	'featureGates.*': 'true',
	configSyncPeriod: '1h',
	'logging.format': 'json',
	'logging.flushFrequency': '1000000000',
	'logging.vmodule': '[{filePattern: proxier, verbosity: 5}]',
	'logging.options.text.splitStream': 'true',
	'logging.options.text.infoBufferSize': '64Ki',
	'logging.options.json.splitStream': 'true',
	'logging.options.json.infoBufferSize': '1024',
	'nftables.masqueradeAll': 'true',
	'nftables.masqueradeBit': '15',
	'nftables.syncPeriod': '1m',
	'nftables.minSyncPeriod': '2s',
	'winkernel.networkName': 'overlay',
	'winkernel.sourceVip': '10.0.0.1',
	'winkernel.enableDSR': 'true',
	'winkernel.rootHnsEndpointName': 'root',
	'winkernel.forwardHealthCheckVip': 'true',
	windowsRunAsService: 'true',
	portRange: '1-2',
}

/** `ipvs.scheduler` as nested fields. */
const nest = (path: string, value: string): string =>
	path
		.replace('*', 'SomeGate')
		.split('.')
		.reduceRight((inner, step) => `{"${step}": ${inner}}`, value)
		.slice(1, -1)

const pathsOf = (kind: 'sets' | 'none') =>
	KUBE_PROXY_FIELDS.filter(({effect}) => effect.kind === kind).map(({path}) => path)

describe('the table of the fields of kube-proxy', () => {
	it('has each field once', () => {
		expect(Object.keys(HONOURED)).to.have.members(pathsOf('sets'))
		expect(Object.keys(WITHOUT_EFFECT)).to.have.members(pathsOf('none'))
	})

	for (const [path, [value, expected]] of Object.entries(HONOURED)) {
		it(`makes of ${path}: ${value} ${JSON.stringify(expected)}`, () => {
			const {fields, notes} = read(nest(path, value))
			expect(notes).to.deep.equal([])
			expect(parseConfig('', {}, fields)).to.deep.include(expected)
		})
	}

	for (const [path, value] of Object.entries(WITHOUT_EFFECT)) {
		it(`says that ${path}: ${value} has no effect`, () => {
			const {notes} = read(nest(path, value))
			const name = path.replace('*', 'SomeGate')
			expect(notes.filter(note => !note.startsWith('line '))).to.have.length(1)
			expect(notes.join()).to.include(`${name}: has no effect: `)
		})
	}

	for (const {path} of KUBE_PROXY_FIELDS) {
		it(`refuses a value of the wrong type for ${path}`, () => {
			const name = path.replace('*', 'SomeGate')
			const errors = errorsOf(`${HEAD}${nest(path, '{"a": [1]}')}`)
			expect(errors.filter(line => line.startsWith(`${name}: `))).not.to.deep.equal([])
		})

		it(`takes null for no value of ${path}`, () => {
			const withNull = read(path === 'mode' ? '' : nest(path, 'null'))
			expect(withNull).to.deep.equal(read(''))
		})
	}

	it('gives every reason', () => {
		const silent = KUBE_PROXY_FIELDS.filter(({effect}) => effect.kind === 'none' && effect.why.length < 10)
		expect(silent).to.deep.equal([])
	})
})
