import {expect} from 'chai'
import {makeObjects, NODE_NAME, project} from '../../bench/objects.ts'
import type {ObjectChange} from '../../src/model/object.ts'

const SIZE = {services: 40, endpoints: 5}

const changes = (size = SIZE): readonly ObjectChange[] => [...makeObjects(size).all()].map(project)

const endpointsOf = (list: readonly ObjectChange[]) =>
	list.flatMap(change => (change.kind === 'EndpointSlice' ? (change.object?.endpoints ?? []) : []))

describe('the objects of the benchmark', () => {
	it('are read without a problem, and no two are one', () => {
		const all = changes()
		expect(new Set(all.map(({kind, key}) => `${kind} ${key}`)).size).to.equal(all.length)
		expect(all.filter(({kind}) => kind === 'Service')).to.have.length(SIZE.services)
		expect(all.flatMap(({object}) => (object && 'problems' in object ? object.problems : []))).to.deep.equal([])
	})

	it('have a ClusterIP and endpoints of their own', () => {
		const all = changes()
		const clusterIPs = all.flatMap(change => (change.kind === 'Service' ? (change.object?.clusterIPs ?? []) : []))
		expect(new Set(clusterIPs).size).to.equal(SIZE.services)
		expect(new Set(endpointsOf(all).map(({address}) => address)).size).to.equal(SIZE.services * SIZE.endpoints)
	})

	for (const [services, local] of [
		[20, 50],
		[1000, 109],
		[2200, 110],
	] as const) {
		it(`has ${local} of the endpoints of ${services} Services on the node that is measured`, () => {
			const objects = makeObjects({services, endpoints: 5})
			const endpoints = endpointsOf([...objects.all()].map(project))
			expect(endpoints.filter(({nodeName}) => nodeName === NODE_NAME)).to.have.length(local)
			const byNode = Map.groupBy(endpoints, ({nodeName}) => nodeName)
			expect(byNode.size).to.equal(objects.nodes)
		})
	}

	it('splits many endpoints into slices as the controller does', () => {
		const slices = makeObjects({services: 1, endpoints: 250}).slices(0)
		expect(slices.map(slice => (slice.endpoints as readonly unknown[]).length)).to.deep.equal([100, 100, 50])
	})

	it('replaces one endpoint by one that nobody has, on the same node', () => {
		const objects = makeObjects(SIZE)
		const [before, after] = [undefined, 0].map(replaced => endpointsOf(objects.slices(7, replaced).map(project)))
		expect(after?.slice(1)).to.deep.equal(before?.slice(1))
		expect(after?.[0]?.nodeName).to.equal(before?.[0]?.nodeName)
		const addresses = endpointsOf(changes()).map(({address}) => address)
		expect(addresses).to.include(before?.[0]?.address)
		expect(addresses).not.to.include(after?.[0]?.address)
	})
})
