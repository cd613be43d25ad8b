import {expect} from 'chai'
import {DecodeError} from '../../src/kubernetes/decode-error.ts'
import {projectNode} from '../../src/kubernetes/project-node.ts'

describe('project Node', () => {
	it('takes the fields that a service proxy reads, internal addresses first', () => {
		const node = projectNode({
			metadata: {
				name: 'node-a',
				labels: {'topology.kubernetes.io/zone': 'z1'},
				annotations: {'kube-lvs.io/weight': '3', 'other.io/x': 'y'},
				deletionTimestamp: '2026-01-01T00:00:00Z',
			},
			spec: {
				podCIDR: '10.244.0.0/24',
				podCIDRs: ['10.244.0.0/24', 'fd00:1::/64'],
				taints: [{key: 'a', effect: 'NoSchedule'}],
			},
			status: {
				addresses: [
					{type: 'Hostname', address: 'node-a'},
					{type: 'ExternalIP', address: '1.2.3.4'},
					{type: 'InternalIP', address: '192.168.0.1'},
					{type: 'InternalIP', address: 'FD00::A'},
					{type: 'InternalIP', address: 'nonsense'},
				],
			},
		})
		expect(node).to.deep.equal({
			name: 'node-a',
			zone: 'z1',
			addresses: ['192.168.0.1', 'fd00::a', '1.2.3.4'],
			podCIDRs: [
				{address: '10.244.0.0', length: 24},
				{address: 'fd00:1::', length: 64},
			],
			deleting: true,
			taints: ['a'],
			annotations: new Map([['kube-lvs.io/weight', '3']]),
		})
	})

	it('is nearly empty for a node that has just been made', () => {
		expect(projectNode({metadata: {name: 'n'}, spec: {podCIDR: '10.0.0.0/24'}})).to.deep.equal({
			name: 'n',
			zone: '',
			addresses: [],
			podCIDRs: [{address: '10.0.0.0', length: 24}],
			deleting: false,
			taints: [],
			annotations: new Map(),
		})
	})

	it('costs no memory for annotations where there are none of ours', () => {
		const annotations = {'other.io/x': 'y'}
		const [a, b] = ['a', 'b'].map(name => projectNode({metadata: {name, annotations}}).annotations)
		expect(a).to.equal(b)
	})

	it('refuses what has no name', () => {
		expect(() => projectNode({metadata: {}})).to.throw(DecodeError)
	})
})
