import {expect} from 'chai'
import fc from 'fast-check'
import {DEFAULT_CONFIG} from '../../../src/config/fields.ts'
import {KUBE_PROXY_FIELDS} from '../../../src/config/kube-proxy/fields.ts'
import {type KubeProxyConfig, readKubeProxyConfig} from '../../../src/config/kube-proxy/read.ts'
import {ConfigError, parseConfig} from '../../../src/config/parse.ts'
import {errorsOf, HEAD, read} from './read-file.ts'

/** What is written for a new cluster by usual installers: every field, most of them empty. */
const EVERYTHING_EMPTY = `${HEAD}mode: ipvs
bindAddress: 0.0.0.0
bindAddressHardFail: false
clientConnection: {acceptContentTypes: "", burst: 0, contentType: "", kubeconfig: /k.conf, qps: 0}
clusterCIDR: 10.244.0.0/16
configSyncPeriod: 0s
conntrack: {maxPerCore: null, min: null, tcpBeLiberal: false, tcpCloseWaitTimeout: null, udpTimeout: 0s}
detectLocal: {bridgeInterface: "", interfaceNamePrefix: ""}
detectLocalMode: ""
enableProfiling: false
healthzBindAddress: ""
hostnameOverride: ""
iptables: {localhostNodePorts: null, masqueradeAll: false, masqueradeBit: null, minSyncPeriod: 0s, syncPeriod: 0s}
ipvs: {excludeCIDRs: null, minSyncPeriod: 0s, scheduler: "", strictARP: false, syncPeriod: 0s, tcpTimeout: 0s}
logging: {flushFrequency: 0, options: {json: {infoBufferSize: "0"}, text: {infoBufferSize: 0}}, verbosity: 0}
metricsBindAddress: ""
nftables: null
nodePortAddresses: null
oomScoreAdj: null
portRange: ""
winkernel: {enableDSR: false, networkName: ""}
`

interface Tree {
	[step: string]: unknown
}

/** A value at a path; what is in the way stays. */
const put = (tree: Tree, [step = '', ...rest]: readonly string[], value: unknown): void => {
	if (rest.length === 0) {
		tree[step] ??= value
		return
	}
	tree[step] ??= {}
	const inner = tree[step]
	if (typeof inner === 'object' && inner !== null && !Array.isArray(inner)) {
		put(inner as Tree, rest, value)
	}
}

describe('the configuration of kube-proxy', () => {
	it('is at its defaults where values are empty or null, without a message', () => {
		const {fields, notes} = readKubeProxyConfig(EVERYTHING_EMPTY)
		expect(notes).to.deep.equal([])
		expect(parseConfig('', {}, fields)).to.deep.equal({
			...DEFAULT_CONFIG,
			kubeconfig: '/k.conf',
			clusterCIDR: [{address: '10.244.0.0', length: 16}],
			minSyncInterval: 0,
		})
	})

	it('is read as JSON, too', () => {
		const text =
			'{"apiVersion": "kubeproxy.config.k8s.io/v1alpha1", "kind": "KubeProxyConfiguration",\n\t"mode": "ipvs",\n\t"ipvs": {"scheduler": "sh"}}'
		expect(readKubeProxyConfig(text)).to.deep.equal({fields: {minSyncInterval: '0s', scheduler: 'sh'}, notes: []})
	})

	it('is overridden by the file and the flags of kube-lvs', () => {
		const {fields} = read('ipvs: {scheduler: sh, strictARP: true, tcpTimeout: 10m}')
		const config = parseConfig('scheduler: mh\nauditInterval: 1m', {scheduler: 'lc'}, fields)
		expect(config).to.include({scheduler: 'lc', strictARP: true, tcpTimeout: 600_000, auditInterval: 60_000})
		expect(parseConfig('strictARP: false', {}, fields)).to.include({scheduler: 'sh', strictARP: false})
	})

	it('names a kubeconfig that a folder of objects makes needless', () => {
		const {fields} = read('clientConnection: {kubeconfig: /k.conf}')
		expect(parseConfig('', {source: './yaml'}, fields)).to.include({source: './yaml', kubeconfig: ''})
	})

	it('is for mode ipvs or iptables, and says what the latter becomes', () => {
		for (const mode of ['mode: iptables', 'mode: ""', '']) {
			expect(readKubeProxyConfig(HEAD + mode).notes.join(), mode).to.match(/^mode: has no effect: .* IPVS/)
		}
		expect(errorsOf(`${HEAD}mode: nftables`).join()).to.match(/^mode: .*ipvs/)
		expect(errorsOf(`${HEAD}mode: 1`).join()).to.match(/^mode: /)
	})

	it('may have fields that do not exist, or that stand there twice, with a message', () => {
		const {fields, notes} = read('ipvs:\n  schedular: mh\n  scheduler: lc\n  scheduler: wlc\ncolour: {red: 1}\n')
		expect(fields).to.include({scheduler: 'wlc'})
		expect(notes).to.deep.equal([
			'line 7: this field was given before; the last one counts',
			'ipvs.schedular: there is no such field; it is ignored',
			'colour: there is no such field; it is ignored',
		])
	})

	it('has one message for each gate that kube-lvs does not have', () => {
		const {fields, notes} = read('featureGates: {AllowServiceExternalIPs: false, B: true, C: false}')
		expect(fields).to.include({serveExternalIPs: false})
		expect(notes.map(note => note.slice(0, 15))).to.deep.equal(['featureGates.B:', 'featureGates.C:'])
	})

	it('is a configuration or a ConfigError, whatever it says', () => {
		const path = fc.constantFrom(...KUBE_PROXY_FIELDS.map(field => field.path.split('.')))
		const word = fc.constantFrom(
			'',
			'0s',
			'5m',
			'primary',
			'10.0.0.0/8',
			'fd00::/8',
			'NodeCIDR',
			'iptables',
			'rr',
			'::',
		)
		const value = fc.oneof(word, fc.array(word, {maxLength: 3}), fc.jsonValue({maxDepth: 1}), fc.integer())
		const file = fc.array(fc.tuple(path, value), {maxLength: 6})
		fc.assert(
			fc.property(file, fields => {
				const root: Tree = {apiVersion: 'kubeproxy.config.k8s.io/v1alpha1', kind: 'KubeProxyConfiguration'}
				for (const [steps, leaf] of fields) {
					put(root, steps, leaf)
				}
				let read: KubeProxyConfig
				try {
					read = readKubeProxyConfig(JSON.stringify(root))
				} catch (error) {
					expect(error).to.be.instanceOf(ConfigError)
					return
				}
				parseConfig('', {}, read.fields)
			}),
		)
	})

	it('has an error for each field that is wrong', () => {
		const errors = errorsOf(
			`${HEAD}mode: ipvs\nipvs: {syncPeriod: 30s, minSyncPeriod: 60s, tcpTimeout: -1s, strictARP: 1}\noomScoreAdj: 1001\nnodePortAddresses: [10.0.0.0/8, all]\nlogging: []\n`,
		)
		expect(errors.map(line => line.split(': ')[0])).to.have.members([
			'ipvs.minSyncPeriod',
			'ipvs.tcpTimeout',
			'ipvs.strictARP',
			'oomScoreAdj',
			'nodePortAddresses[1]',
			'logging',
		])
	})

	for (const [text, message] of [
		['mode: [ipvs', /./],
		['- mode', /expected apiVersion/],
		['', /expected apiVersion/],
		['apiVersion: kubeproxy.config.k8s.io/v1\nkind: KubeProxyConfiguration', /expected apiVersion/],
		['apiVersion: kube-lvs.io/v1alpha1\nkind: KubeLvsConfiguration', /expected apiVersion/],
	] as const) {
		it(`is refused as a whole: ${JSON.stringify(text)}`, () => {
			expect(errorsOf(text).join()).to.match(message)
		})
	}
})
