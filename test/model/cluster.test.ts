import {expect} from 'chai'
import fc from 'fast-check'
import {Cluster} from '../../src/model/cluster.ts'
import type {EndpointSlice} from '../../src/model/endpoint-slice.ts'
import type {ObjectChange} from '../../src/model/object.ts'
import {service, slice} from './build.ts'

const sliceChange = (name: string, object: EndpointSlice | undefined): ObjectChange => ({
	kind: 'EndpointSlice',
	key: `ns/${name}`,
	object,
})

const sliceOf = (name: string, serviceName: string): EndpointSlice => slice(name, ['10.244.1.5'], {serviceName})

const namesOf = (cluster: Cluster, key: string): readonly string[] =>
	[...cluster.slicesOf(key)].map(({name}) => name).sort()

describe('the cluster as it was last heard of', () => {
	it('gains and loses Services', () => {
		const cluster = new Cluster()
		expect(cluster.apply({kind: 'Service', key: 'ns/s', object: service()})).to.deep.equal(['ns/s'])
		expect(cluster.services.get('ns/s')).to.deep.equal(service())
		expect(cluster.apply({kind: 'Service', key: 'ns/s', object: undefined})).to.deep.equal(['ns/s'])
		expect(cluster.services.size).to.equal(0)
	})

	it('knows slices of a Service that it has not seen yet', () => {
		const cluster = new Cluster()
		expect(cluster.apply(sliceChange('a', sliceOf('a', 's')))).to.deep.equal(['ns/s'])
		expect(namesOf(cluster, 'ns/s')).to.deep.equal(['a'])
	})

	it('moves a slice from one Service to another, and touches both', () => {
		const cluster = new Cluster()
		cluster.apply(sliceChange('a', sliceOf('a', 's')))
		expect(cluster.apply(sliceChange('a', sliceOf('a', 't')))).to.deep.equal(['ns/s', 'ns/t'])
		expect([namesOf(cluster, 'ns/s'), namesOf(cluster, 'ns/t')]).to.deep.equal([[], ['a']])
	})

	it('touches a Service once when its slice changes in place', () => {
		const cluster = new Cluster()
		cluster.apply(sliceChange('a', sliceOf('a', 's')))
		expect(cluster.apply(sliceChange('a', sliceOf('a', 's')))).to.deep.equal(['ns/s'])
	})

	it('B3: gives a slice without a Service to none, and takes one away that loses its label', () => {
		const cluster = new Cluster()
		expect(cluster.apply(sliceChange('a', sliceOf('a', '')))).to.deep.equal([])
		cluster.apply(sliceChange('a', sliceOf('a', 's')))
		expect(cluster.apply(sliceChange('a', sliceOf('a', '')))).to.deep.equal(['ns/s'])
		expect(namesOf(cluster, 'ns/s')).to.deep.equal([])
	})

	it('does not mind that an unknown slice goes', () => {
		expect(new Cluster().apply(sliceChange('a', undefined))).to.deep.equal([])
	})

	it('keeps the Node that it last saw', () => {
		const cluster = new Cluster()
		const node = {name: 'n1', zone: '', addresses: [], podCIDRs: [], deleting: false, taints: []}
		cluster.apply({kind: 'Node', key: 'n1', object: node})
		cluster.apply({kind: 'Node', key: 'n1', object: undefined})
		expect(cluster.node).to.equal(node)
	})

	it('has each slice with the Service that it named last, after any changes', () => {
		const change = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('s', 't', '', undefined))
		fc.assert(
			fc.property(fc.array(change, {maxLength: 30}), changes => {
				const cluster = new Cluster()
				const last = new Map<string, string>()
				for (const [name, owner] of changes) {
					const before = last.get(name) ?? ''
					const touched = cluster.apply(sliceChange(name, owner === undefined ? undefined : sliceOf(name, owner)))
					last.set(name, owner ?? '')
					const expected = new Set([before, owner ?? ''].filter(Boolean).map(owner => `ns/${owner}`))
					expect(new Set(touched)).to.deep.equal(expected)
				}
				for (const owner of ['s', 't']) {
					const names = [...last].flatMap(([name, by]) => (by === owner ? [name] : []))
					expect(namesOf(cluster, `ns/${owner}`)).to.deep.equal(names.sort())
				}
			}),
		)
	})
})
