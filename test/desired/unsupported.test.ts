import {expect} from 'chai'
import {unsupportedIn} from '../../src/desired/unsupported.ts'
import type {Service} from '../../src/model/service.ts'
import {parsePrefix} from '../../src/net/prefix.ts'
import {service} from '../model/build.ts'
import {address} from '../state/build.ts'

const ranges = [parsePrefix('198.51.100.0/24')].filter(prefix => prefix !== undefined)
const balanced: Partial<Service> = {type: 'LoadBalancer', loadBalancerIPs: [address('203.0.113.5')]}

describe('what is not supported yet', () => {
	const cases: readonly {
		readonly name: string
		readonly settings: Partial<Service>
		readonly fields: readonly string[]
	}[] = [
		{name: 'nothing of an ordinary Service', settings: {}, fields: []},
		{
			name: 'externalTrafficPolicy Local',
			settings: {...balanced, externalTrafficPolicy: 'Local'},
			fields: ['spec.externalTrafficPolicy'],
		},
		{
			name: 'internalTrafficPolicy Local',
			settings: {internalTrafficPolicy: 'Local'},
			fields: ['spec.internalTrafficPolicy'],
		},
		{
			name: 'source ranges of a load balancer',
			settings: {...balanced, loadBalancerSourceRanges: ranges},
			fields: ['spec.loadBalancerSourceRanges'],
		},
		{
			name: 'nothing where source ranges have no address to guard',
			settings: {loadBalancerSourceRanges: ranges},
			fields: [],
		},
	]
	for (const {name, settings, fields} of cases) {
		it(`is said: ${name}`, () => {
			expect(unsupportedIn(service(settings)).map(({field}) => field)).to.deep.equal(fields)
		})
	}
})
