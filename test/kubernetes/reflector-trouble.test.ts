import {expect} from 'chai'
import type {Fault} from '../support/api-server/faults.ts'
import {eventually} from '../support/eventually.ts'
import {sampleServices, useReflection} from './reflect.ts'
import {sampleService} from './samples.ts'

describe('reflector in trouble', () => {
	const {start, startSynced} = useReflection()

	for (const expiredAs of ['event', 'status'] as const) {
		it(`lists again after a 410 on watch (as ${expiredAs}), and delivers only the difference`, async () => {
			const {server, sink, kinds} = await startSynced({
				server: {objects: sampleServices(3), bookmarkMilliseconds: 60_000},
			})
			sink.log.length = 0
			server.fault({fault: 'status', code: 503, verb: 'watch', times: 2})
			server.fault({fault: 'drop'})
			server.delete('Service', 'default', 's0')
			server.put(sampleService('s1', {clusterIPs: ['10.96.0.9']}))
			server.put({...sampleService('other'), kind: 'Node'})
			server.compact(expiredAs)
			await eventually(() => expect(sink.log).to.have.length(2))
			expect(sink.log).to.have.members(['-Service default/s0', '+Service default/s1'])
			await eventually(() => expect(kinds().at(-1)).to.equal('recovered'))
			expect(kinds().filter(kind => kind === 'expired')).to.have.length(1)
			const relist = server.requests.filter(({verb}) => verb === 'list')[1]
			expect(relist?.query.resourceVersion).to.equal(undefined)
		})
	}

	it('lists again from scratch, not from the cache, after a 410 between two pages', async () => {
		const {server, sink, kinds} = await start({
			server: {objects: sampleServices(6)},
			limits: {pageSize: 4},
			prepare: double => double.fault({fault: 'expire-page'}),
		})
		await eventually(() => expect(sink.log.at(-1)).to.equal('synced Service'))
		expect(sink.log).to.have.length(7)
		const lists = server.requests.filter(({verb}) => verb === 'list').map(({query}) => query)
		expect(lists.map(({resourceVersion, limit}) => [resourceVersion, limit])).to.deep.equal([
			['0', '4'],
			[undefined, '4'],
			[undefined, '4'],
			[undefined, '4'],
		])
		await eventually(() => expect(kinds()).to.deep.equal(['expired', 'recovered']))
	})

	it('asks for everything in one piece when pages keep expiring', async () => {
		const {server, sink} = await start({
			server: {objects: sampleServices(6)},
			limits: {pageSize: 4},
			prepare: double => double.fault({fault: 'expire-page', times: 2}),
		})
		await eventually(() => expect(sink.log.at(-1)).to.equal('synced Service'))
		expect(server.requests.filter(({verb}) => verb === 'list').at(-1)?.query.limit).to.equal(undefined)
	})

	const interruptions: readonly {readonly name: string; readonly faults: readonly Fault[]; readonly kind: string}[] = [
		{name: 'a stream cut in the middle of an event', faults: [{fault: 'cut-event'}], kind: 'interrupted'},
		{name: 'a garbled line', faults: [{fault: 'garble-event'}], kind: 'garbled'},
		{name: 'a garbled line again and again', faults: [{fault: 'garble-event', times: 4}], kind: 'garbled'},
		{name: 'a stream that goes silent', faults: [{fault: 'mute'}], kind: 'silent'},
		{name: 'a watch that is silent from the start', faults: [{fault: 'silent'}, {fault: 'close'}], kind: 'silent'},
		{name: 'an ERROR event', faults: [{fault: 'error-event', code: 500}], kind: 'failing'},
		{name: 'an ERROR event 410', faults: [{fault: 'error-event', code: 410}], kind: 'expired'},
		{name: 'a connection that is reset', faults: [{fault: 'drop'}], kind: 'interrupted'},
		{
			name: 'resets of every new connection for a while',
			faults: [{fault: 'reset', times: 6}, {fault: 'close'}],
			kind: 'unreachable',
		},
		{name: '503s', faults: [{fault: 'status', code: 503, times: 4}, {fault: 'close'}], kind: 'failing'},
		{name: 'a 401', faults: [{fault: 'status', code: 401}, {fault: 'close'}], kind: 'unauthorized'},
		{name: 'a 403', faults: [{fault: 'status', code: 403, times: 3}, {fault: 'close'}], kind: 'forbidden'},
		{name: 'a 404', faults: [{fault: 'status', code: 404, times: 3}, {fault: 'close'}], kind: 'absent'},
		{name: 'a 429', faults: [{fault: 'status', code: 429}, {fault: 'close'}], kind: 'throttled'},
	]
	for (const {name, faults, kind} of interruptions) {
		it(`survives ${name}: the state stays right, and it is said once`, async () => {
			const {server, sink, kinds} = await startSynced()
			for (const fault of faults) {
				server.fault(fault)
			}
			server.put(sampleService('s2'))
			server.delete('Service', 'default', 's0')
			await eventually(() => expect(sink.keys('Service')).to.deep.equal(['default/s1', 'default/s2']))
			await eventually(() => expect(kinds()).to.deep.equal([kind, 'recovered']))
			expect(sink.log.filter(line => line.startsWith('-'))).to.deep.equal(['-Service default/s0'])
			expect(sink.log.filter(line => line === 'synced Service')).to.have.length(1)
		})
	}

	for (const code of [400, 500]) {
		it(`lists again where each watch is answered with ${code}`, async () => {
			const {server, sink} = await startSynced()
			server.fault({fault: 'status', code, verb: 'watch', times: 100_000})
			server.fault({fault: 'drop'})
			server.put(sampleService('s2'))
			await eventually(() => expect(sink.keys('Service')).to.have.length(3))
		})
	}

	it('waits as long as Retry-After says', async () => {
		const {server, sink} = await startSynced()
		server.fault({fault: 'status', code: 429, retryAfterSeconds: 1})
		const begin = performance.now()
		server.fault({fault: 'drop'})
		server.put(sampleService('s2'))
		await eventually(() => expect(sink.keys('Service')).to.have.length(3))
		expect(performance.now() - begin).to.be.greaterThan(990)
	})

	it('makes nothing of a watch that the server ends in good order', async () => {
		const {server, sink, kinds} = await startSynced()
		for (let round = 2; round < 5; round++) {
			server.fault({fault: 'close'})
			server.put(sampleService(`s${round}`))
			await eventually(() => expect(sink.keys('Service')).to.have.length(round + 1))
		}
		expect(kinds()).to.deep.equal([])
	})

	it('ends a watch that outlives its time', async () => {
		const {sink, server, kinds} = await startSynced({
			limits: {watchSeconds: {min: 0, max: 0}, overtimeMilliseconds: 30},
			prepare: double => double.fault({fault: 'silent', times: 1}),
		})
		await eventually(() => expect(kinds()[0]).to.equal('overdue'))
		server.put(sampleService('s2'))
		await eventually(() => expect(sink.keys('Service')).to.have.length(3))
	})

	it('starts over from a list that breaks off, and deletes nothing because of it', async () => {
		const {sink, kinds} = await start({
			server: {objects: sampleServices(40)},
			prepare: double => double.fault({fault: 'cut-list'}),
		})
		await eventually(() => expect(sink.log.at(-1)).to.equal('synced Service'))
		expect(sink.log).to.have.length(41)
		await eventually(() => expect(kinds()).to.deep.equal(['interrupted', 'recovered']))
	})

	it('is not synced before a list succeeds', async () => {
		const {sink, kinds} = await start({
			server: {objects: sampleServices(1)},
			prepare: double => double.fault({fault: 'status', code: 503, verb: 'list', times: 5}),
		})
		await eventually(() => expect(kinds()).to.deep.equal(['failing']))
		expect(sink.log).to.deep.equal([])
		await eventually(() => expect(sink.log).to.deep.equal(['+Service default/s0', 'synced Service']))
	})

	it('lists the newest state from a server whose versions went back, as after a restored backup', async () => {
		const {server, sink, kinds} = await startSynced()
		server.rewind(500)
		server.fault({fault: 'drop'})
		server.put(sampleService('s7'))
		await eventually(() => expect(sink.keys('Service')).to.include('default/s7'))
		expect(kinds().filter(kind => kind === 'expired')).to.have.length(1)
	})

	it('keeps everything while the API server is away, and catches up when it is back', async () => {
		const {server, sink, kinds} = await startSynced()
		server.fault({fault: 'reset', times: 1000})
		server.fault({fault: 'drop'})
		await eventually(() => expect(server.requests.length).to.be.greaterThan(8))
		expect(sink.keys('Service')).to.have.length(2)
		expect(kinds()).to.deep.equal(['interrupted', 'unreachable'])
		server.put(sampleService('s2'))
		server.clearFaults()
		await eventually(() => expect(sink.keys('Service')).to.have.length(3))
		await eventually(() => expect(kinds()).to.deep.equal(['interrupted', 'unreachable', 'recovered']))
	})
})
