import {expect} from 'chai'
import {DecodeError} from '../../src/kubernetes/decode-error.ts'
import {projectService} from '../../src/kubernetes/project-service.ts'
import type {Service} from '../../src/model/service.ts'
import {formatPrefix} from '../../src/net/prefix.ts'
import {sampleService} from './samples.ts'

const caseOf = (spec: object, status: object = {}) => projectService({...sampleService('web', spec), status})

describe('project Service', () => {
	it('reads annotations, whatever their values are', () => {
		const sample = sampleService('web', {})
		const annotations = {
			'kube-lvs.io/udp-drain': true,
			'kube-lvs.io/upper-threshold': 5,
			'kube-lvs.io/weights': [{a: 1}],
			'kube-lvs.io/scheduler': null,
			'kube-lvs.io/slow-start': '30s',
			'kube-router.io/service.scheduler': 'mh',
			'other.io/number': 5,
		}
		const read = projectService({...sample, metadata: {name: 'web', namespace: 'shop', annotations}})
		expect(read.annotations).to.deep.equal(
			new Map([
				['kube-lvs.io/scheduler', ''],
				['kube-lvs.io/slow-start', '30s'],
				['kube-router.io/service.scheduler', 'mh'],
			]),
		)
		const why = 'is no text (in YAML numbers and true need quotes); the default stands'
		expect(read.problems.map(({field, reason, message}) => `${field} ${reason}: ${message}`)).to.deep.equal([
			`metadata.annotations[kube-lvs.io/udp-drain] InvalidAnnotation: true ${why}`,
			`metadata.annotations[kube-lvs.io/upper-threshold] InvalidAnnotation: 5 ${why}`,
			`metadata.annotations[kube-lvs.io/weights] InvalidAnnotation: [{"a":1}] ${why}`,
		])
	})

	it('takes the fields that a service proxy reads', () => {
		const service = projectService({
			metadata: {
				name: 'web',
				namespace: 'shop',
				uid: 'u-1',
				creationTimestamp: '2026-01-02T03:04:05Z',
				labels: {app: 'web'},
				annotations: {'kube-lvs.io/scheduler': 'sh', 'other.io/x': 'y'},
				managedFields: [{}],
			},
			spec: {
				type: 'LoadBalancer',
				clusterIP: '10.96.0.1',
				clusterIPs: ['10.96.0.1', 'FD00:0::1'],
				ports: [
					{port: 80, targetPort: 'http', nodePort: 30080, name: 'http'},
					{port: 53, protocol: 'UDP', name: 'dns'},
				],
				externalIPs: ['1.2.3.4'],
				loadBalancerSourceRanges: [' 10.1.2.3/8 ', 'fd00::1/64'],
				sessionAffinity: 'ClientIP',
				sessionAffinityConfig: {clientIP: {timeoutSeconds: 60}},
				externalTrafficPolicy: 'Local',
				healthCheckNodePort: 32000,
				selector: {app: 'web'},
			},
			status: {loadBalancer: {ingress: [{ip: '5.6.7.8'}]}},
		})
		expect(service).to.deep.equal({
			namespace: 'shop',
			name: 'web',
			uid: 'u-1',
			createdAt: Date.UTC(2026, 0, 2, 3, 4, 5),
			type: 'LoadBalancer',
			clusterIPs: ['10.96.0.1', 'fd00::1'],
			ports: [
				{name: 'http', protocol: 'tcp', port: 80, nodePort: 30080},
				{name: 'dns', protocol: 'udp', port: 53, nodePort: 0},
			],
			externalIPs: ['1.2.3.4'],
			loadBalancerIPs: ['5.6.7.8'],
			loadBalancerSourceRanges: [
				{address: '10.0.0.0', length: 8},
				{address: 'fd00::', length: 64},
			],
			affinitySeconds: 60,
			externalTrafficPolicy: 'Local',
			internalTrafficPolicy: 'Cluster',
			healthCheckNodePort: 32000,
			proxyName: undefined,
			annotations: new Map([['kube-lvs.io/scheduler', 'sh']]),
			problems: [],
		})
	})

	const same: readonly (readonly [string, object, Partial<Service>])[] = [
		['an absent spec is that of a ClusterIP without ports', {ports: null, type: null}, {type: 'ClusterIP', ports: []}],
		['`None` is no ClusterIP', {clusterIP: 'None', clusterIPs: ['None']}, {clusterIPs: []}],
		[
			'clusterIP counts where clusterIPs is empty',
			{clusterIP: '10.0.0.9', clusterIPs: null},
			{clusterIPs: ['10.0.0.9']},
		],
		['no ClusterIP at all', {clusterIP: '', clusterIPs: null}, {clusterIPs: []}],
		['affinity has a default time', {sessionAffinity: 'ClientIP'}, {affinitySeconds: 10800}],
		['no affinity', {sessionAffinity: 'None'}, {affinitySeconds: undefined}],
		['A6: no ipFamilies', {clusterIP: 'fd00:96::a', clusterIPs: null}, {clusterIPs: ['fd00:96::a']}],
		[
			'A5: the families in either order',
			{clusterIP: 'fd00:96::a', clusterIPs: ['fd00:96::a', '10.96.0.10'], ipFamilies: ['IPv6', 'IPv4']},
			{clusterIPs: ['fd00:96::a', '10.96.0.10']},
		],
		[
			'ipFamilies beside clusterIP alone',
			{clusterIP: '10.96.0.10', clusterIPs: null, ipFamilies: ['IPv4']},
			{clusterIPs: ['10.96.0.10']},
		],
		[
			'source ranges with blanks and host bits',
			{loadBalancerSourceRanges: [' 198.51.100.7/24 ', '0.0.0.0/0', 'fd00::1/64']},
			{
				loadBalancerSourceRanges: [
					{address: '198.51.100.0', length: 24},
					{address: '0.0.0.0', length: 0},
					{address: 'fd00::', length: 64},
				],
			},
		],
		[
			'ports of one name and several protocols',
			{
				ports: [
					{name: 'dns', port: 53, protocol: 'UDP'},
					{name: 'dns', port: 53, protocol: 'TCP'},
				],
			},
			{
				ports: [
					{name: 'dns', port: 53, protocol: 'udp', nodePort: 0},
					{name: 'dns', port: 53, protocol: 'tcp', nodePort: 0},
				],
			},
		],
		['no traffic policy', {}, {externalTrafficPolicy: 'Cluster', internalTrafficPolicy: 'Cluster'}],
		[
			'empty traffic policies',
			{externalTrafficPolicy: '', internalTrafficPolicy: null},
			{externalTrafficPolicy: 'Cluster', internalTrafficPolicy: 'Cluster'},
		],
		[
			'traffic policies',
			{externalTrafficPolicy: 'Local', internalTrafficPolicy: 'Local'},
			{externalTrafficPolicy: 'Local', internalTrafficPolicy: 'Local'},
		],
		['no port for health checks', {healthCheckNodePort: null}, {healthCheckNodePort: 0}],
		['ExternalName', {type: 'ExternalName', clusterIP: null, clusterIPs: null}, {type: 'ExternalName', clusterIPs: []}],
	] as never
	for (const [name, spec, expected] of same) {
		it(`${name}`, () => expect(caseOf(spec)).to.deep.include({...expected, problems: []}))
	}

	it('takes the last of two ports with one name and protocol', () => {
		const ports = [
			{name: 'a', port: 80, nodePort: 30080},
			{name: 'b', port: 81},
			{name: 'a', port: 82, protocol: 'TCP'},
		]
		expect(caseOf({ports}).ports.map(({name, port}) => [name, port])).to.deep.equal([
			['a', 82],
			['b', 81],
		])
	})

	it('takes the other values of a list with a bad one', () => {
		const {externalIPs, loadBalancerSourceRanges, clusterIPs} = caseOf({
			externalIPs: ['nonsense', '203.0.113.7'],
			loadBalancerSourceRanges: ['10.0.0.0/33', '10.0.0.0/8'],
			clusterIPs: ['1.2.3', 'fd00::1'],
		})
		expect({externalIPs, loadBalancerSourceRanges, clusterIPs}).to.deep.equal({
			externalIPs: ['203.0.113.7'],
			loadBalancerSourceRanges: [{address: '10.0.0.0', length: 8}],
			clusterIPs: ['fd00::1'],
		})
	})

	it('closes a family of which no source range can be read, instead of letting everybody in', () => {
		const rangesOf = (...loadBalancerSourceRanges: readonly string[]) =>
			caseOf({loadBalancerSourceRanges}).loadBalancerSourceRanges.map(formatPrefix)
		expect(rangesOf('010.0.0.0/8')).to.deep.equal(['255.255.255.255/32'])
		expect(rangesOf('10.0.0.0/33', 'nonsense')).to.deep.equal(['255.255.255.255/32'])
		expect(rangesOf('10.0.0.0/8', 'fd00::1')).to.deep.equal(['10.0.0.0/8', 'ff00::/128'])
		expect(rangesOf('fd00::/129', 'fd00::/64')).to.deep.equal(['fd00::/64'])
		expect(rangesOf()).to.deep.equal([])
	})

	it('D11, D12: takes load balancer IPs in mode VIP only', () => {
		const ingress = [
			{ip: '1.1.1.1', ipMode: 'VIP'},
			{ip: '1.1.1.2', ipMode: 'Proxy'},
			{hostname: 'a.example'},
			{ip: '1.1.1.3', ipMode: null},
		]
		expect(caseOf({}, {loadBalancer: {ingress}}).loadBalancerIPs).to.deep.equal(['1.1.1.1', '1.1.1.3'])
	})

	it('keeps the proxy name, empty or not', () => {
		const labels = {'service.kubernetes.io/service-proxy-name': ''}
		expect(projectService(sampleService('web', {}, {labels})).proxyName).to.equal('')
	})

	const skipped: readonly (readonly [object, string, string])[] = [
		[{externalIPs: ['1.2.3.4', 'nonsense']}, 'spec.externalIPs[1]', 'InvalidAddress'],
		[{externalIPs: ['010.1.1.1']}, 'spec.externalIPs[0]', 'InvalidAddress'],
		[{externalIPs: ['127.0.0.1']}, 'spec.externalIPs[0]', 'AddressRefused'],
		[{externalIPs: ['203.0.113.1', 'fe80::1']}, 'spec.externalIPs[1]', 'AddressRefused'],
		[{clusterIPs: ['1.2.3', '10.96.0.1']}, 'spec.clusterIPs[0]', 'InvalidAddress'],
		[{loadBalancerSourceRanges: ['10.0.0.0/33']}, 'spec.loadBalancerSourceRanges[0]', 'InvalidAddress'],
		[{loadBalancerSourceRanges: ['10.0.0.0/8', '10.0.0.1']}, 'spec.loadBalancerSourceRanges[1]', 'InvalidAddress'],
		[{ports: [{port: 1, protocol: 'QUIC'}]}, 'spec.ports[0].protocol', 'InvalidPort'],
		[
			{
				ports: [
					{name: 'a', port: 1},
					{name: 'a', port: 2},
				],
			},
			'spec.ports[0].name',
			'InvalidPort',
		],
		[{clusterIPs: ['10.96.0.1', 'fd00::1'], ipFamilies: ['IPv4']}, 'spec.clusterIPs[1]', 'InvalidAddress'],
		[{clusterIPs: null, clusterIP: 'fd00::1', ipFamilies: ['IPv4']}, 'spec.clusterIP', 'InvalidAddress'],
	]
	for (const [spec, field, reason] of skipped) {
		it(`skips a single bad value: ${JSON.stringify(spec)}`, () => {
			const {problems} = caseOf(spec)
			expect(problems).to.have.length(1)
			expect(problems[0]).to.deep.include({
				field,
				reason,
				object: {kind: 'Service', namespace: 'default', name: 'web', uid: ''},
			})
		})
	}

	const broken: readonly (readonly [unknown, string])[] = [
		[null, ''],
		[[], ''],
		[{}, 'metadata.name'],
		[{metadata: {name: 'a'}}, 'metadata.namespace'],
		[{metadata: {name: 7, namespace: 'a'}}, 'metadata.name'],
		[sampleService('a', {ports: {}}), 'spec.ports'],
		[sampleService('a', {ports: [null]}), 'spec.ports[0]'],
		[sampleService('a', {ports: [{name: 'x'}]}), 'spec.ports[0].port'],
		[sampleService('a', {ports: [{port: 70_000}]}), 'spec.ports[0].port'],
		[sampleService('a', {ports: [{port: '80'}]}), 'spec.ports[0].port'],
		[sampleService('a', {externalIPs: [1]}), 'spec.externalIPs[0]'],
		[sampleService('a', {type: 'Mystery'}), 'spec.type'],
	]
	for (const [json, field] of broken) {
		it(`refuses an object with a wrong ${field || 'whole'} (${JSON.stringify(json).slice(-40)})`, () => {
			expect(() => projectService(json))
				.to.throw(DecodeError)
				.that.deep.includes({field})
		})
	}
})
