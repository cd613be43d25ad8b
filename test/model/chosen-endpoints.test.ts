import {expect} from 'chai'
import fc from 'fast-check'
import {chooseEndpoints, whyNotChosen} from '../../src/model/chosen-endpoints.ts'
import type {Endpoint} from '../../src/model/endpoint-slice.ts'
import type {PortEndpoint} from '../../src/model/endpoints.ts'
import type {Address} from '../../src/net/address.ts'
import {endpoint, slice} from './build.ts'

const TERMINATING = {ready: false, serving: true, terminating: true}
const GONE = {ready: false, serving: false, terminating: true}
const NOT_READY = {ready: false, serving: false, terminating: false}

const at = (text: string, settings: Partial<Endpoint> = {}): PortEndpoint => ({
	...endpoint(text, settings),
	port: 8080,
	key: `${text}:8080`,
	slice: slice('a', []),
})
const choose = (endpoints: readonly PortEndpoint[], node = {name: 'n1', zone: 'za'}) => {
	const {cluster, local} = chooseEndpoints(endpoints, node)
	const last = (list: readonly PortEndpoint[]) => list.map(({address}) => address.replace('10.244.', '')).join(' ')
	return `${last(cluster)} / ${last(local)}`
}
const zone = (...zoneHints: string[]) => ({zoneHints})
const node = (...nodeHints: string[]) => ({nodeHints})

const CASES: readonly (readonly [string, string, ...PortEndpoint[]])[] = [
	['none at all', ' / '],
	['ready ones', '1.5 2.5 / 1.5', at('10.244.1.5'), at('10.244.2.5')],
	['not ready ones are never used', '2.5 / ', at('10.244.1.5', NOT_READY), at('10.244.2.5')],
	['B9: a ready one beats one that terminates', '1.5 / 1.5', at('10.244.1.5'), at('10.244.2.5', TERMINATING)],
	['B10: none ready', '1.5 / 1.5', at('10.244.1.5', TERMINATING), at('10.244.2.5', GONE)],
	['B11: none serves', ' / ', at('10.244.1.5', NOT_READY), at('10.244.2.5', GONE)],
	['C10: each list falls back for itself', '2.5 / 1.5', at('10.244.1.5', TERMINATING), at('10.244.2.5')],
	['C1: zone hints', '2.5 / 1.5', at('10.244.1.5', zone('zb')), at('10.244.2.5', zone('za'))],
	['C2: one without zone hints', '1.5 2.5 / 1.5', at('10.244.1.5', zone('zb')), at('10.244.2.5')],
	['C4: none for this zone', '1.5 2.5 / 1.5', at('10.244.1.5', zone('zb')), at('10.244.2.5', zone('zc'))],
	['C5: several zones', '2.5 / 1.5', at('10.244.1.5', zone('zb')), at('10.244.2.5', zone('zb', 'za'))],
	['C6: node hints', '2.5 / 1.5', at('10.244.1.5', node('n2')), at('10.244.2.5', node('n1'))],
	[
		'C7: no node hint for us: zone hints',
		'2.5 / 1.5',
		at('10.244.1.5', {...node('n2'), ...zone('zb')}),
		at('10.244.2.5', {...node('n3'), ...zone('za')}),
	],
	[
		'node hints win over zone hints',
		'1.5 / 1.5',
		at('10.244.1.5', {...node('n1'), ...zone('zb')}),
		at('10.244.2.5', {...node('n3'), ...zone('za')}),
	],
	[
		'hints of endpoints that are not ready do not count',
		'2.5 / ',
		at('10.244.1.5', NOT_READY),
		at('10.244.2.5', zone('za')),
	],
	[
		'endpoints that terminate are used against their hints',
		'1.5 2.5 / 1.5',
		at('10.244.1.5', {...TERMINATING, ...zone('zb')}),
		at('10.244.2.5', {...TERMINATING, ...zone('za')}),
	],
]

describe('the endpoints of a service port', () => {
	for (const [title, expected, ...endpoints] of CASES) {
		it(`are chosen: ${title}`, () => {
			expect(choose(endpoints)).to.equal(expected)
		})
	}

	it('C3: are all used by a node without a zone', () => {
		const endpoints = [at('10.244.1.5', zone('zb')), at('10.244.2.5', zone('za'))]
		expect(choose(endpoints, {name: 'n1', zone: ''})).to.equal('1.5 2.5 / 1.5')
	})

	it('are local nowhere while the node has no name', () => {
		expect(choose([at('10.244.1.5', {nodeName: ''})], {name: '', zone: 'za'})).to.equal('1.5 / ')
	})

	const anyEndpoint = fc.record({
		address: fc.integer({min: 1, max: 9}).map(last => `10.244.1.${last}` as Address),
		nodeName: fc.constantFrom('n1', 'n2', ''),
		zone: fc.constant(''),
		ready: fc.boolean(),
		serving: fc.boolean(),
		terminating: fc.boolean(),
		zoneHints: fc.array(fc.constantFrom('za', 'zb')),
		nodeHints: fc.array(fc.constantFrom('n1', 'n2')),
		port: fc.constant(8080),
		key: fc.string(),
		slice: fc.constant(slice('a', [])),
	})

	it('are some wherever one is ready, or serves while it terminates', () => {
		fc.assert(
			fc.property(fc.array(anyEndpoint), endpoints => {
				const {cluster, local} = chooseEndpoints(endpoints, {name: 'n1', zone: 'za'})
				const canServe = (endpoint: PortEndpoint) => endpoint.ready || (endpoint.serving && endpoint.terminating)
				expect(cluster.length > 0).to.equal(endpoints.some(canServe))
				expect(local.length > 0).to.equal(endpoints.some(found => canServe(found) && found.nodeName === 'n1'))
				expect([...cluster, ...local].every(canServe)).to.equal(true)
			}),
		)
	})

	it('and those left out for a reason are all that there are', () => {
		fc.assert(
			fc.property(fc.array(anyEndpoint), endpoints => {
				const place = {name: 'n1', zone: 'za'}
				const chosen = chooseEndpoints(endpoints, place)
				for (const policy of ['cluster', 'local'] as const) {
					const left = whyNotChosen(endpoints, place, policy)
					expect(endpoints.filter(endpoint => !left.has(endpoint))).to.deep.equal(chosen[policy])
				}
			}),
		)
	})

	it('are left out because of where they are, how they are, or whom they are for', () => {
		const [here, there, ill] = [at('10.244.1.5', zone('za')), at('10.244.2.5', zone('zb')), at('10.244.2.6', NOT_READY)]
		const place = {name: 'n1', zone: 'za'}
		expect([...whyNotChosen([here, there, ill], place, 'cluster')]).to.deep.equal([
			[ill, 'not-ready'],
			[there, 'hint'],
		])
		expect([...whyNotChosen([here, there, ill], place, 'local').values()]).to.deep.equal(['elsewhere', 'elsewhere'])
	})
})
