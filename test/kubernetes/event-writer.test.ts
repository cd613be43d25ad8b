import {expect} from 'chai'
import {systemClock} from '../../src/clock.ts'
import {createEventWriter} from '../../src/kubernetes/event-writer.ts'
import type {Http} from '../../src/kubernetes/http.ts'
import {createHttpClient} from '../../src/kubernetes/http-client.ts'
import type {ClusterEvent} from '../../src/kubernetes/render-event.ts'
import {type ApiServer, startApiServer} from '../support/api-server/start-api-server.ts'
import {createManualClock} from './manual-clock.ts'

const event = (rest: Partial<ClusterEvent> = {}): ClusterEvent => ({
	object: {kind: 'Service', namespace: 'shop', name: 'web', uid: 'u-1'},
	type: 'Warning',
	reason: 'AddressInUse',
	action: 'Programming',
	note: 'another Service has this address',
	...rest,
})

describe('Event writer', () => {
	let server: ApiServer
	const writerOf = (user: 'token' | 'nobody', reports: string[] = []) => {
		const http = createHttpClient({access: server.access(user), clock: systemClock})
		const report = (message: string) => reports.push(message)
		const writer = createEventWriter({http, component: 'kube-lvs', nodeName: 'node-a', clock: systemClock, report})
		return {...writer, close: () => http.close()}
	}
	before(async () => {
		server = await startApiServer()
	})
	after(() => server.close())

	it('writes Events that an API server accepts', async () => {
		const reports: string[] = []
		const writer = writerOf('token', reports)
		writer.write(event())
		writer.write(event({object: {kind: 'Node', namespace: '', name: 'node-a', uid: ''}, type: 'Normal'}))
		writer.write(event({note: 'ä'.repeat(2000)}))
		await writer.flush()
		writer.close()
		expect(reports).to.deep.equal([])
		const [first, second, third] = server.events()
		expect(first).to.deep.include({
			reason: 'AddressInUse',
			type: 'Warning',
			reportingController: 'kube-lvs',
			reportingInstance: 'node-a',
			regarding: {apiVersion: 'v1', kind: 'Service', namespace: 'shop', name: 'web', uid: 'u-1'},
		})
		expect(second).to.have.nested.property('metadata.namespace', 'default')
		expect(third?.note).to.match(/^ä+\.\.\.$/)
	})

	it('reports a refusal once, and never throws', async () => {
		const reports: string[] = []
		const writer = writerOf('nobody', reports)
		writer.write(event())
		writer.write(event({note: 'something else'}))
		await writer.flush()
		writer.close()
		expect(reports).to.have.length(1)
		expect(reports[0]).to.match(/^an Event was not written: 401/)
	})

	const fake = (clock = createManualClock()) => {
		const notes: string[] = []
		const times: string[] = []
		const http: Http = {
			request: async (_path, {body = ''}) => {
				notes.push(JSON.parse(body).note)
				times.push(JSON.parse(body).eventTime)
				return {status: 201, headers: {}, body: (async function* () {})()}
			},
		}
		const reports: string[] = []
		const report = (message: string) => reports.push(message)
		const options = {http, clock, report, component: 'kube-lvs', nodeName: 'n', burst: 2, refillMilliseconds: 5000}
		return {clock, notes, times, reports, writer: createEventWriter(options)}
	}

	it('has the time of the node, whose clock may be set', async () => {
		const {times, writer} = fake(createManualClock(Date.UTC(2026, 0, 1), 3_600_000))
		writer.write(event())
		await writer.flush()
		expect(times).to.deep.equal(['2026-01-01T01:00:00.000000Z'])
	})

	it('says the same of one object once an hour', async () => {
		const {clock, notes, writer} = fake()
		writer.write(event())
		writer.write(event())
		await clock.advance(3_599_000)
		writer.write(event())
		await clock.advance(500)
		expect(notes).to.have.length(1)
		await clock.advance(1000)
		writer.write(event())
		await clock.advance(1)
		expect(notes).to.have.length(2)
	})

	it('sends a burst, then one at a time', async () => {
		const {clock, notes, writer} = fake()
		for (const note of ['a', 'b', 'c', 'd']) {
			writer.write(event({note}))
		}
		await clock.advance(1)
		expect(notes).to.deep.equal(['a', 'b'])
		await clock.advance(5000)
		expect(notes).to.deep.equal(['a', 'b', 'c'])
		await clock.advance(5000)
		expect(notes).to.deep.equal(['a', 'b', 'c', 'd'])
	})

	/** Each of another object. */
	const nth = (index: number) => event({object: {...event().object, name: `web-${index}`}, note: `n${index}`})

	it('keeps nobody waiting for an object of which there is ever more to say', async () => {
		const {clock, notes, writer} = fake()
		for (let index = 0; index < 1000; index++) {
			writer.write(event({note: `flap ${index}`}))
		}
		writer.write(nth(1))
		await clock.advance(40 * 5000)
		expect(notes).to.include('n1')
	})

	it('says later what there was no room for', async () => {
		const {clock, notes, writer} = fake()
		const writeAll = () => Array.from({length: 600}, (_, index) => writer.write(nth(index)))
		writeAll()
		await clock.advance(1_800_000)
		writeAll()
		await clock.advance(1_700_000)
		expect(new Set(notes).size).to.equal(600)
		expect(notes).to.have.length(600)
	})

	it('lets go of Events that are too many, and gives up the rest when stopped', async () => {
		const {clock, notes, reports, writer} = fake()
		for (let index = 0; index < 600; index++) {
			writer.write(nth(index))
		}
		expect(reports).to.have.length(1)
		writer.stop()
		await clock.advance(60_000)
		await writer.flush()
		expect(notes.length).to.be.lessThan(5)
	})
})
