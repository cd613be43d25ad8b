import {expect} from 'chai'
import type {ObjectSink} from '../../src/model/object.ts'
import {eventually} from '../support/eventually.ts'
import {sampleServices, useReflection} from './reflect.ts'
import {sampleService} from './samples.ts'

describe('reflector', () => {
	const {start, startSynced} = useReflection()

	it('delivers every object, says once that it is complete, then follows each change', async () => {
		const {server, sink, reports} = await startSynced()
		server.put(sampleService('s2'))
		server.delete('Service', 'default', 's0')
		await eventually(() => expect(sink.log).to.have.length(5))
		expect(sink.log).to.deep.equal([
			'+Service default/s0',
			'+Service default/s1',
			'synced Service',
			'+Service default/s2',
			'-Service default/s0',
		])
		expect(reports).to.deep.equal([])
	})

	it('reads a list in pages', async () => {
		const {server, sink} = await start({server: {objects: sampleServices(7)}, limits: {pageSize: 3}})
		await eventually(() => expect(sink.log.at(-1)).to.equal('synced Service'))
		expect(sink.keys('Service')).to.have.length(7)
		const lists = server.requests.filter(({verb}) => verb === 'list').map(({query}) => query)
		expect(lists.map(({limit}) => limit)).to.deep.equal(['3', '3', '3'])
		expect(lists.map(({resourceVersion}) => resourceVersion)).to.deep.equal(['0', undefined, undefined])
	})

	it('reads a list that comes in one piece whatever the limit', async () => {
		const {sink} = await start({server: {objects: sampleServices(7), limitsCached: false}, limits: {pageSize: 3}})
		await eventually(() => expect(sink.log.at(-1)).to.equal('synced Service'))
		expect(sink.keys('Service')).to.have.length(7)
	})

	it('does not see Services of another proxy, and takes the label for a deletion', async () => {
		const {server, sink} = await startSynced()
		server.put(sampleService('s1', {}, {labels: {'service.kubernetes.io/service-proxy-name': ''}}))
		await eventually(() => expect(sink.keys('Service')).to.deep.equal(['default/s0']))
	})

	it('resumes from bookmarks, so that a quiet watch does not expire', async () => {
		const {server, sink, kinds} = await startSynced()
		for (let round = 0; round < 5; round++) {
			server.put({...sampleService('node'), kind: 'Node'})
		}
		server.bookmark()
		await eventually(() => expect(server.openWatches()).to.equal(1))
		server.compact()
		server.fault({fault: 'close'})
		server.put(sampleService('s2'))
		await eventually(() => expect(sink.keys('Service')).to.have.length(3))
		expect(kinds()).to.deep.equal([])
		expect(server.requests.filter(({verb}) => verb === 'list')).to.have.length(1)
	})

	it('keeps the last good state of an object that no longer decodes, and says so once', async () => {
		const {server, sink, kinds} = await startSynced({
			server: {objects: sampleServices(2), bookmarkMilliseconds: 60_000},
		})
		const bad = sampleService('s1', {ports: [{port: 70_000}]})
		server.put(bad)
		await eventually(() => expect(sink.problems).to.have.length(1))
		server.put(bad)
		server.fault({fault: 'error-event', code: 410})
		server.put(sampleService('s2'))
		await eventually(() => expect(sink.keys('Service')).to.deep.equal(['default/s0', 'default/s1', 'default/s2']))
		expect(sink.problems).to.have.length(1)
		expect(sink.problems[0]).to.deep.include({reason: 'InvalidObject', field: 'spec.ports[0].port'})
		expect(sink.problems[0]?.object).to.deep.include({kind: 'Service', namespace: 'default', name: 's1'})
		expect(sink.objects.get('Service default/s1')).to.have.nested.property('ports[0].port', 80)
		expect(sink.solvedProblems).to.deep.equal([])
		server.delete('Service', 'default', 's1')
		await eventually(() => expect(sink.keys('Service')).to.deep.equal(['default/s0', 'default/s2']))
		expect(kinds().filter(kind => kind === 'expired')).to.have.length(1)
		expect(sink.solvedProblems).to.deep.equal(sink.problems)
	})

	it('says when an object can be read at last, and when one that never could is gone', async () => {
		const {server, sink} = await startSynced()
		for (const name of ['mended', 'deleted']) {
			server.put(sampleService(name, {ports: [{port: 70_000}]}))
		}
		await eventually(() => expect(sink.problems).to.have.length(2))
		server.put(sampleService('mended'))
		server.delete('Service', 'default', 'deleted')
		await eventually(() => expect(sink.solvedProblems).to.deep.equal(sink.problems))
		expect(sink.keys('Service')).to.include('default/mended').and.not.include('default/deleted')
	})

	it('ignores fields that it does not know', async () => {
		const {server, sink} = await startSynced()
		server.put({...sampleService('s2', {newField: {deep: [1]}}), extra: 1})
		await eventually(() => expect(sink.keys('Service')).to.include('default/s2'))
		expect(sink.problems).to.deep.equal([])
	})

	it('goes on when a receiver throws, and says so once', async () => {
		const wrap = (sink: ObjectSink): ObjectSink => ({
			...sink,
			change: change => {
				sink.change(change)
				throw new Error('a defect')
			},
		})
		const {server, sink, kinds} = await startSynced({wrap, limits: {healthyMilliseconds: 10_000}})
		server.put(sampleService('s2'))
		await eventually(() => expect(sink.keys('Service')).to.have.length(3))
		expect(kinds().filter(kind => kind === 'handler')).to.have.length(1)
		expect(server.requests.filter(({verb}) => verb === 'watch')).to.have.length(1)
	})
})
