import {expect} from 'chai'
import fc from 'fast-check'
import type {Fault} from '../support/api-server/faults.ts'
import type {ApiServer} from '../support/api-server/start-api-server.ts'
import {eventually} from '../support/eventually.ts'
import {QUICK, reflect} from './reflect.ts'
import {sampleService} from './samples.ts'

type Step = (server: ApiServer) => void

const anyName = fc.integer({min: 0, max: 5}).map(index => `s${index}`)
const anyPut = fc.tuple(anyName, fc.integer({min: 1, max: 250})).map(
	([name, last]): Step =>
		server =>
			void server.put(sampleService(name, {clusterIPs: [`10.96.0.${last}`]})),
)
const anyDelete = anyName.map(
	(name): Step =>
		server =>
			void server.delete('Service', 'default', name),
)
const anyFault = fc
	.constantFrom<Fault>(
		{fault: 'cut-event'},
		{fault: 'garble-event'},
		{fault: 'garble-event', times: 3},
		{fault: 'cut-list'},
		{fault: 'close'},
		{fault: 'drop'},
		{fault: 'mute'},
		{fault: 'silent'},
		{fault: 'reset', times: 2},
		{fault: 'status', code: 503, times: 2},
		{fault: 'status', code: 410},
		{fault: 'error-event', code: 410},
		{fault: 'error-event', code: 500},
	)
	.map(
		(fault): Step =>
			server =>
				server.fault(fault),
	)
const anyUpset = fc.constantFrom<Step>(
	server => server.compact('event'),
	server => server.compact('status'),
	server => server.expirePages(),
	server => server.bookmark(),
)
/** Much happens while the connection is gone, and then it is too late to resume. */
const anyAbsence = fc.array(fc.oneof(anyPut, anyDelete), {minLength: 1, maxLength: 5}).map(
	(steps): Step =>
		server => {
			server.fault({fault: 'drop'})
			for (const step of steps) {
				step(server)
			}
			server.compact()
		},
)
const anyStep = fc.oneof(
	{weight: 3, arbitrary: anyPut},
	anyDelete,
	{weight: 2, arbitrary: anyFault},
	anyUpset,
	anyAbsence,
)

describe('reflector', () => {
	it('ends in the state of the server, whatever happens on the way', async () => {
		const limits = {...QUICK, pageSize: 2, idleMilliseconds: 60, listIdleMilliseconds: 60, healthyMilliseconds: 5}
		const {server, sink, stop} = await reflect({limits, server: {bookmarkMilliseconds: 10}})
		const versions = () =>
			server.list('Service').map(({metadata, spec}) => [`default/${metadata.name}`, addressOf(spec)])
		const known = () => sink.keys('Service').map(key => [key, addressOf(sink.objects.get(`Service ${key}`))])
		try {
			await fc.assert(
				fc.asyncProperty(fc.array(fc.tuple(anyStep, fc.nat({max: 4})), {maxLength: 15}), async steps => {
					for (const [step, pause] of steps) {
						step(server)
						await new Promise(resolve => setTimeout(resolve, pause))
					}
					server.clearFaults()
					await eventually(() => expect(known()).to.deep.equal(versions()))
				}),
				{numRuns: 40, endOnFailure: true},
			)
			expect(sink.log.filter(line => line.startsWith('synced'))).to.deep.equal(['synced Service'])
		} finally {
			await stop()
		}
	})
})

const addressOf = (object: unknown): unknown => (object as {readonly clusterIPs?: unknown} | undefined)?.clusterIPs
