import {expect} from 'chai'
import {DecodeError} from '../../src/kubernetes/decode-error.ts'
import {projectServiceCIDR} from '../../src/kubernetes/project-service-cidr.ts'
import {sampleServiceCIDR} from './samples.ts'

describe('project ServiceCIDR', () => {
	it('takes the networks', () => {
		expect(projectServiceCIDR(sampleServiceCIDR('kubernetes', '10.96.0.0/16', 'FD00:96::/108'))).to.deep.equal({
			name: 'kubernetes',
			networks: [
				{address: '10.96.0.0', length: 16},
				{address: 'fd00:96::', length: 108},
			],
		})
	})

	it('has none without a spec', () => {
		expect(projectServiceCIDR({metadata: {name: 'a'}})).to.deep.equal({name: 'a', networks: []})
	})

	it('refuses what is no network', () => {
		expect(() => projectServiceCIDR(sampleServiceCIDR('a', '10.96.0.0/16', '10.96.0.0')))
			.to.throw(DecodeError, '"10.96.0.0" is not a CIDR')
			.that.deep.includes({field: 'spec.cidrs[1]', object: {kind: 'ServiceCIDR', namespace: '', name: 'a', uid: ''}})
	})
})
