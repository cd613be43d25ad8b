import {expect} from 'chai'
import fc from 'fast-check'
import {Cluster} from '../../src/model/cluster.ts'
import type {EndpointSlice} from '../../src/model/endpoint-slice.ts'
import type {Node} from '../../src/model/node.ts'
import type {ObjectChange, ObjectKey} from '../../src/model/object.ts'
import type {Service} from '../../src/model/service.ts'
import {formatPrefix, parsePrefix} from '../../src/net/prefix.ts'
import {address} from '../state/build.ts'
import {service, slice} from './build.ts'

const serviceChange = (object: Service | undefined): ObjectChange => ({kind: 'Service', key: 'ns/s', object})

const sliceChange = (name: string, object: EndpointSlice | undefined): ObjectChange => ({
	kind: 'EndpointSlice',
	key: `ns/${name}`,
	object,
})

const nodeChange = (key: string, object: Node | undefined): ObjectChange => ({kind: 'Node', key, object})

const node = (name: string, settings: Partial<Node> = {}): Node => {
	const addresses = [address(name === 'n1' ? '192.0.2.10' : '192.0.2.20')]
	return {name, zone: '', addresses, podCIDRs: [], deleting: false, taints: [], annotations: new Map(), ...settings}
}

const touchedBy = (cluster: Cluster, change: ObjectChange): readonly ObjectKey[] => cluster.apply(change).services

const sliceOf = (name: string, serviceName: string): EndpointSlice => slice(name, ['10.244.1.5'], {serviceName})

const namesOf = (cluster: Cluster, key: string): readonly string[] =>
	[...cluster.slicesOf(key)].map(({name}) => name).sort()

const ownerChange = (name: string, owner: string | undefined): ObjectChange =>
	sliceChange(name, owner === undefined ? undefined : sliceOf(name, owner))

const serviceKeys = (...names: readonly string[]): ReadonlySet<ObjectKey> =>
	new Set(names.filter(Boolean).map(name => `ns/${name}`))

describe('the cluster as it was last heard of', () => {
	it('gains and loses Services', () => {
		const cluster = new Cluster('n1')
		expect(touchedBy(cluster, serviceChange(service()))).to.deep.equal(['ns/s'])
		expect(cluster.services.get('ns/s')).to.deep.equal(service())
		expect(touchedBy(cluster, serviceChange(undefined))).to.deep.equal(['ns/s'])
		expect(cluster.services.size).to.equal(0)
	})

	it('knows slices of a Service that it has not seen yet', () => {
		const cluster = new Cluster('n1')
		expect(touchedBy(cluster, sliceChange('a', sliceOf('a', 's')))).to.deep.equal(['ns/s'])
		expect(namesOf(cluster, 'ns/s')).to.deep.equal(['a'])
	})

	it('moves a slice from one Service to another, and touches both', () => {
		const cluster = new Cluster('n1')
		cluster.apply(sliceChange('a', sliceOf('a', 's')))
		expect(touchedBy(cluster, sliceChange('a', sliceOf('a', 't')))).to.deep.equal(['ns/s', 'ns/t'])
		expect([namesOf(cluster, 'ns/s'), namesOf(cluster, 'ns/t')]).to.deep.equal([[], ['a']])
	})

	it('touches a Service once when its slice changes in place', () => {
		const cluster = new Cluster('n1')
		cluster.apply(sliceChange('a', sliceOf('a', 's')))
		const changed = slice('a', ['10.244.1.6'], {serviceName: 's'})
		expect(touchedBy(cluster, sliceChange('a', changed))).to.deep.equal(['ns/s'])
	})

	it('touches nothing when an object comes again, or with another time of its trigger', () => {
		const cluster = new Cluster('n1')
		const objects = [serviceChange(service()), sliceChange('a', sliceOf('a', 's')), nodeChange('n1', node('n1'))]
		for (const change of objects) {
			cluster.apply(change)
		}
		const again = [
			...objects.map(change => structuredClone(change)),
			sliceChange('a', {...sliceOf('a', 's'), triggeredAt: 1}),
		]
		expect(again.map(change => cluster.apply(change))).to.deep.equal(again.map(() => ({services: []})))
		expect([...cluster.slicesOf('ns/s')].map(({triggeredAt}) => triggeredAt)).to.deep.equal([1])
	})

	it('B3: gives a slice without a Service to none, and takes one away that loses its label', () => {
		const cluster = new Cluster('n1')
		expect(touchedBy(cluster, sliceChange('a', sliceOf('a', '')))).to.deep.equal([])
		cluster.apply(sliceChange('a', sliceOf('a', 's')))
		expect(touchedBy(cluster, sliceChange('a', sliceOf('a', '')))).to.deep.equal(['ns/s'])
		expect(namesOf(cluster, 'ns/s')).to.deep.equal([])
	})

	it('does not mind that an unknown slice goes', () => {
		expect(touchedBy(new Cluster('n1'), sliceChange('a', undefined))).to.deep.equal([])
	})

	it('keeps this Node as it was last seen, and takes no other for it', () => {
		const cluster = new Cluster('n1')
		expect(cluster.apply(nodeChange('n2', node('n2')))).to.deep.include({nodeAddresses: node('n2').addresses})
		expect(cluster.node).to.equal(undefined)
		expect(cluster.apply(nodeChange('n1', node('n1', {zone: 'za'})))).to.deep.equal({services: [], aspect: 'node'})
		expect(cluster.apply(nodeChange('n1', undefined))).to.deep.equal({services: []})
		expect(cluster.node).to.deep.equal(node('n1', {zone: 'za'}))
	})

	it('has the addresses of the other Nodes while they exist', () => {
		const cluster = new Cluster('n1')
		const addresses = [address('192.0.2.20')]
		cluster.apply(nodeChange('n1', node('n1', {addresses: [address('192.0.2.10')]})))
		cluster.apply(nodeChange('n2', node('n2', {addresses})))
		expect([...cluster.otherNodeAddresses]).to.deep.equal(addresses)
		expect(cluster.apply(nodeChange('n2', node('n2', {addresses, zone: 'zb', deleting: true})))).to.deep.equal({
			services: [],
		})
		expect(cluster.apply(nodeChange('n2', undefined))).to.deep.equal({services: [], nodeAddresses: addresses})
		expect([...cluster.otherNodeAddresses]).to.deep.equal([])
	})

	const weighing = (weight: string) => ({annotations: new Map([['kube-lvs.io/weight', weight]])})

	it('tells of annotations that change on any Node, and of nothing else that changes there', () => {
		const cluster = new Cluster('n1')
		for (const name of ['n1', 'n2']) {
			expect(cluster.apply(nodeChange(name, node(name))).annotatedNode).to.equal(undefined)
			expect(cluster.apply(nodeChange(name, node(name, weighing('2')))).annotatedNode).to.equal(name)
			expect(cluster.nodeAnnotationsOf(name)).to.deep.equal(weighing('2').annotations)
			expect(cluster.apply(nodeChange(name, node(name, {...weighing('2'), taints: ['t']})))).to.not.have.property(
				'annotatedNode',
			)
			expect(cluster.apply(nodeChange(name, node(name))).annotatedNode).to.equal(name)
		}
		cluster.apply(nodeChange('n2', node('n2', weighing('2'))))
		expect(cluster.apply(nodeChange('n2', undefined)).annotatedNode).to.equal('n2')
		expect(cluster.nodeAnnotationsOf('n2').size).to.equal(0)
	})

	it('keeps the annotations of this Node, too, when it is deleted', () => {
		const cluster = new Cluster('n1')
		cluster.apply(nodeChange('n1', node('n1', weighing('0'))))
		expect(cluster.apply(nodeChange('n1', undefined))).to.deep.equal({services: []})
		expect(cluster.nodeAnnotationsOf('n1')).to.deep.equal(weighing('0').annotations)
	})

	it('knows which Services have endpoints on a node', () => {
		const cluster = new Cluster('n1')
		cluster.apply(sliceChange('a', slice('a', ['10.244.1.5'], {serviceName: 's'})))
		cluster.apply(sliceChange('b', slice('b', ['10.244.1.6', '10.244.2.6'], {serviceName: 't'})))
		const on = (...nodes: readonly string[]) => [...cluster.servicesOn(new Set(nodes))].sort()
		expect(on('n1')).to.deep.equal(['ns/s', 'ns/t'])
		expect(on('n2')).to.deep.equal(['ns/t'])
		expect(on('n2', 'n1')).to.deep.equal(['ns/s', 'ns/t'])
		expect([...on('n3'), ...on()]).to.deep.equal([])
	})

	it('touches the Service of a slice whose annotations alone change', () => {
		const cluster = new Cluster('n1')
		cluster.apply(sliceChange('a', sliceOf('a', 's')))
		const annotations = new Map([['kube-lvs.io/weights', 'default 2']])
		expect(touchedBy(cluster, sliceChange('a', {...sliceOf('a', 's'), annotations}))).to.deep.equal(['ns/s'])
	})

	it('has the networks of all ServiceCIDRs, each once', () => {
		const cluster = new Cluster('n1')
		const change = (name: string, ...texts: readonly string[]): ObjectChange => {
			const networks = texts.flatMap(text => parsePrefix(text) ?? [])
			return {kind: 'ServiceCIDR', key: name, object: texts.length > 0 ? {name, networks} : undefined}
		}
		const networks = () => cluster.serviceNetworks.map(formatPrefix)
		expect(cluster.apply(change('a', '10.96.0.0/16', 'fd00:96::/108')).aspect).to.equal('serviceNetworks')
		expect(cluster.apply(change('b', '10.96.0.0/16')).aspect).to.equal(undefined)
		expect(cluster.apply(change('c', '10.95.0.0/16')).aspect).to.equal('serviceNetworks')
		expect(networks()).to.deep.equal(['10.95.0.0/16', '10.96.0.0/16', 'fd00:96::/108'])
		cluster.apply(change('a'))
		expect(networks()).to.deep.equal(['10.95.0.0/16', '10.96.0.0/16'])
		expect(cluster.apply(change('unknown')).aspect).to.equal(undefined)
	})

	it('has each slice with the Service that it named last, after any changes', () => {
		const change = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('s', 't', '', undefined))
		fc.assert(
			fc.property(fc.array(change, {maxLength: 30}), changes => {
				const cluster = new Cluster('n1')
				const last = new Map<string, string>()
				for (const [name, owner] of changes) {
					const before = last.get(name) ?? ''
					const touched = touchedBy(cluster, ownerChange(name, owner))
					last.set(name, owner ?? '')
					const expected = before === owner ? new Set() : serviceKeys(before, owner ?? '')
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
