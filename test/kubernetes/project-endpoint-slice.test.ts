import {expect} from 'chai'
import {DecodeError} from '../../src/kubernetes/decode-error.ts'
import {projectEndpointSlice} from '../../src/kubernetes/project-endpoint-slice.ts'
import {sampleSlice} from './samples.ts'

describe('project EndpointSlice', () => {
	it('takes the fields that a service proxy reads', () => {
		const slice = projectEndpointSlice({
			metadata: {name: 'web-1', namespace: 'shop', labels: {'kubernetes.io/service-name': 'web'}},
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
					ready: false,
					serving: true,
					terminating: true,
					zoneHints: ['z1'],
					nodeHints: ['node-a'],
				},
				{
					address: 'fd00::3',
					nodeName: '',
					ready: true,
					serving: true,
					terminating: false,
					zoneHints: [],
					nodeHints: [],
				},
			],
			problems: [],
		})
	})

	it('leaves out ports without a name or a number', () => {
		const ports = [{name: null, port: 1}, {name: 'a'}, {name: 'b', port: 0}, {name: 'c', port: 2}]
		expect(projectEndpointSlice(sampleSlice('s', [], {ports})).ports).to.deep.equal([
			{name: 'c', protocol: 'tcp', port: 2},
		])
	})

	it('reads nothing of host names', () => {
		const slice = projectEndpointSlice(sampleSlice('s', ['a.example'], {addressType: 'FQDN'}))
		expect(slice).to.deep.include({family: undefined, endpoints: [], problems: []})
	})

	it('belongs to no Service without the label', () => {
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
