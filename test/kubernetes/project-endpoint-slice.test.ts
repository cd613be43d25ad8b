import {expect} from 'chai'
import {DecodeError} from '../../src/kubernetes/decode-error.ts'
import {projectEndpointSlice} from '../../src/kubernetes/project-endpoint-slice.ts'
import {sampleSlice} from './samples.ts'

describe('project EndpointSlice', () => {
	it('takes the fields that a service proxy reads', () => {
		const slice = projectEndpointSlice({
			metadata: {
				name: 'web-1',
				namespace: 'shop',
				labels: {'kubernetes.io/service-name': 'web'},
				annotations: {
					'endpoints.kubernetes.io/last-change-trigger-time': '2026-01-02T03:04:05.678901Z',
					'kube-lvs.io/weights': 'default 2',
				},
			},
			addressType: 'IPv6',
			ports: [
				{name: '', port: 8080},
				{name: 'dns', port: 53, protocol: 'UDP'},
			],
			endpoints: [
				{
					addresses: ['FD00::0:1', 'fd00::2'],
					conditions: {ready: false, serving: true, terminating: true},
					nodeName: 'node-a',
					zone: 'z1',
					hints: {forZones: [{name: 'z1'}], forNodes: [{name: 'node-a'}]},
				},
				{addresses: ['fd00::3'], conditions: null, hints: null},
				{addresses: []},
			],
		})
		expect(slice).to.deep.equal({
			namespace: 'shop',
			name: 'web-1',
			serviceName: 'web',
			family: 'ipv6',
			ports: [
				{name: '', protocol: 'tcp', port: 8080},
				{name: 'dns', protocol: 'udp', port: 53},
			],
			endpoints: [
				{
					address: 'fd00::1',
					nodeName: 'node-a',
					zone: 'z1',
					ready: false,
					serving: true,
					terminating: true,
					zoneHints: ['z1'],
					nodeHints: ['node-a'],
				},
				{
					address: 'fd00::3',
					nodeName: '',
					zone: '',
					ready: true,
					serving: true,
					terminating: false,
					zoneHints: [],
					nodeHints: [],
				},
			],
			triggeredAt: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
			annotations: new Map([['kube-lvs.io/weights', 'default 2']]),
			problems: [],
		})
	})

	it('costs no memory for annotations where there are none of ours', () => {
		const [a, b] = ['a', 'b'].map(name => projectEndpointSlice(sampleSlice(name, [])).annotations)
		expect(a).to.equal(b)
	})

	it('B4: leaves out ports without a name or a number', () => {
		const ports = [{name: null, port: 1}, {name: 'a'}, {name: 'b', port: 0}, {name: 'c', port: 2}]
		expect(projectEndpointSlice(sampleSlice('s', [], {ports})).ports).to.deep.equal([
			{name: 'c', protocol: 'tcp', port: 2},
		])
	})

	it('B2: reads nothing of host names', () => {
		const slice = projectEndpointSlice(sampleSlice('s', ['a.example'], {addressType: 'FQDN'}))
		expect(slice).to.deep.include({family: undefined, endpoints: [], problems: []})
	})

	it('B3: belongs to no Service without the label', () => {
		expect(projectEndpointSlice(sampleSlice('s', [], {metadata: {name: 's', namespace: 'd'}})).serviceName).to.equal('')
	})

	it('skips an address that is none, and one of the other family', () => {
		const {endpoints, problems} = projectEndpointSlice(sampleSlice('s', ['10.0.0.1', 'x', 'fd00::1']))
		expect(endpoints.map(({address}) => address)).to.deep.equal(['10.0.0.1'])
		expect(problems.map(({field, reason}) => [field, reason])).to.deep.equal([
			['endpoints[1].addresses[0]', 'InvalidAddress'],
			['endpoints[2].addresses[0]', 'InvalidAddress'],
		])
	})

	const conditions: readonly (readonly [object | null, readonly [boolean, boolean, boolean]])[] = [
		[null, [true, true, false]],
		[{}, [true, true, false]],
		[{ready: null, serving: null, terminating: null}, [true, true, false]],
		[{ready: false}, [false, true, false]],
		[{serving: false}, [true, false, false]],
		[{ready: false, serving: true, terminating: true}, [false, true, true]],
	]
	for (const [given, expected] of conditions) {
		it(`B7: reads conditions ${JSON.stringify(given)}`, () => {
			const endpoints = [{addresses: ['10.0.0.1'], conditions: given}]
			const [endpoint] = projectEndpointSlice(sampleSlice('s', [], {endpoints})).endpoints
			expect([endpoint?.ready, endpoint?.serving, endpoint?.terminating]).to.deep.equal(expected)
		})
	}

	const hints: readonly (readonly [object | null, readonly string[], readonly string[]])[] = [
		[null, [], []],
		[{forZones: null}, [], []],
		[{forZones: [{name: 'za'}, {name: 'zb'}]}, ['za', 'zb'], []],
		[{forZones: [], forNodes: [{name: 'n1'}]}, [], ['n1']],
	]
	for (const [given, zoneHints, nodeHints] of hints) {
		it(`reads hints ${JSON.stringify(given)}`, () => {
			const endpoints = [{addresses: ['10.0.0.1'], hints: given}]
			const [endpoint] = projectEndpointSlice(sampleSlice('s', [], {endpoints})).endpoints
			expect(endpoint).to.deep.include({zoneHints, nodeHints})
		})
	}

	const addresses: readonly (readonly [readonly string[] | null, readonly string[]])[] = [
		[null, []],
		[[], []],
		[['10.0.0.1', '10.0.0.2'], ['10.0.0.1']],
	]
	for (const [given, expected] of addresses) {
		it(`takes the first of the addresses ${JSON.stringify(given)}`, () => {
			const slice = projectEndpointSlice(sampleSlice('s', [], {endpoints: [{addresses: given}]}))
			expect(slice.endpoints.map(({address}) => address)).to.deep.equal(expected)
			expect(slice.problems).to.deep.equal([])
		})
	}

	const times: readonly (readonly [unknown, number | undefined])[] = [
		['2026-01-02T03:04:05Z', Date.UTC(2026, 0, 2, 3, 4, 5)],
		['2026-01-02T03:04:05.25+01:00', Date.UTC(2026, 0, 2, 2, 4, 5, 250)],
		['2026-01-02T03:04:05', undefined],
		['2026-13-02T03:04:05Z', undefined],
		['2026-01-02', undefined],
		['yesterday', undefined],
		['', undefined],
		[1_767_323_045, undefined],
		[null, undefined],
	]
	for (const [text, expected] of times) {
		it(`reads ${JSON.stringify(text)} as the time of the trigger`, () => {
			const annotations = {'endpoints.kubernetes.io/last-change-trigger-time': text}
			const slice = projectEndpointSlice(sampleSlice('s', [], {metadata: {name: 's', namespace: 'd', annotations}}))
			expect(slice).to.deep.include({triggeredAt: expected, problems: []})
		})
	}

	for (const [rest, field] of [
		[{addressType: null}, 'addressType'],
		[{addressType: 'IPv7'}, 'addressType'],
		[{endpoints: {}}, 'endpoints'],
		[{endpoints: [{addresses: 'x'}]}, 'endpoints[0].addresses'],
		[{endpoints: [{addresses: ['10.0.0.1'], conditions: {ready: 'yes'}}]}, 'endpoints[0].conditions.ready'],
		[{ports: [{name: 'a', port: 65_536}]}, 'ports[0].port'],
	] as const) {
		it(`refuses ${JSON.stringify(rest)}`, () => {
			expect(() => projectEndpointSlice(sampleSlice('s', [], rest)))
				.to.throw(DecodeError)
				.that.deep.includes({field, object: {kind: 'EndpointSlice', namespace: 'default', name: 's', uid: ''}})
		})
	}
})
