import {expect} from 'chai'
import {PendingChanges} from '../../src/controller/pending-changes.ts'
import type {Service} from '../../src/model/service.ts'
import {service} from '../model/build.ts'

const OLD = service()
const NEW = service({createdAt: 2000})

describe('the changes that wait for a sync', () => {
	const count = (pending: PendingChanges, ...present: readonly Service[]) =>
		pending.count(new Map(present.map(found => [`ns/${found.name}`, found])))

	it('are Services that differ from what they were, and slices that have changed, each once', () => {
		const pending = new PendingChanges()
		expect(count(pending, OLD)).to.deep.equal({services: 0, endpointSlices: 0})
		pending.addService('ns/s', OLD)
		pending.addService('ns/s', NEW)
		pending.addService('ns/new', undefined)
		pending.addSlice('ns/s-1')
		pending.addSlice('ns/s-1')
		pending.addSlice('ns/s-2')
		expect(count(pending, NEW, service({name: 'new'}))).to.deep.equal({services: 2, endpointSlices: 2})
	})

	it('are not Services that are as they were again, or that came and went', () => {
		const pending = new PendingChanges()
		pending.addService('ns/s', OLD)
		pending.addService('ns/s', NEW)
		pending.addService('ns/new', undefined)
		expect(count(pending, service())).to.deep.equal({services: 0, endpointSlices: 0})
		expect(count(pending)).to.deep.equal({services: 1, endpointSlices: 0})
	})

	it('are none when a sync has taken them in', () => {
		const pending = new PendingChanges()
		pending.addService('ns/s', OLD)
		pending.addSlice('ns/s-1')
		pending.clear()
		expect(count(pending, NEW)).to.deep.equal({services: 0, endpointSlices: 0})
	})
})
