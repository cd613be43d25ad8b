import {expect} from 'chai'
import {pino} from 'pino'
import {logTransport} from '../../src/cli/log-transport.ts'
import {systemClock} from '../../src/clock.ts'
import {combineObservers} from '../../src/observe/combine-observers.ts'
import {noEvents} from '../../src/observe/event-sink.ts'
import {createLogObserver} from '../../src/observe/log-observer.ts'
import {sampleNode, sampleService, sampleSlice} from '../kubernetes/samples.ts'
import {type ApiServer, startApiServer} from '../support/api-server/start-api-server.ts'
import {eventually} from '../support/eventually.ts'
import {FakeKernel} from '../support/fake-kernel/fake-kernel.ts'
import {runFromServers} from './run-from-servers.ts'

const VIP = '10.96.0.1'
const externalIP = (ip: string) => sampleService('web', {externalIPs: [ip]})

/** From the API server, over TLS, to the kernel; what is logged above `info` is news for an operator. */
describe('the way from the API server to the kernel', () => {
	let server: ApiServer
	let fake: FakeKernel
	let log: {readonly msg: string; readonly kind?: string; readonly level: number}[]
	let stop: () => Promise<void>

	const warnings = () => log.filter(({level}) => level >= 40)
	const isServed = (ip: string) => fake.dump().some(line => line.includes(`${ip}:80`))
	const untilServed = (ip: string) => eventually(() => expect(isServed(ip), fake.dump().join('\n')).to.equal(true))
	const untilGone = (ip: string) => eventually(() => expect(isServed(ip)).to.equal(false))

	beforeEach(async () => {
		server = await startApiServer({bookmarkMilliseconds: 30})
		server.put(sampleNode('n1'))
		server.put(externalIP('203.0.113.1'))
		server.put(sampleSlice('web-1', ['10.244.0.5', '10.244.0.6']))
		fake = new FakeKernel()
		log = []
		const logger = pino({level: 'debug'}, {write: (line: string) => void log.push(JSON.parse(line))})
		const end = runFromServers(server.access(), fake, {
			observer: combineObservers([createLogObserver(logger, noEvents, systemClock)]),
			report: logTransport(logger),
		})
		stop = async () => {
			await end()
			await server.close()
		}
		await untilServed('203.0.113.1')
	})

	afterEach(() => stop())

	const FAULTS = {
		'a version that is too old (410)': {
			kind: 'expired',
			meet: () => server.fault({fault: 'error-event', code: 410, resource: 'services'}),
		},
		'a stream that is cut in the middle of an event': {
			kind: 'interrupted',
			meet: () => server.fault({fault: 'cut-event', resource: 'services'}),
		},
		'a stream that falls silent': {
			kind: 'silent',
			meet: () => server.fault({fault: 'mute', resource: 'services'}),
		},
		'a line that is no event': {
			kind: 'garbled',
			meet: () => server.fault({fault: 'garble-event', resource: 'services'}),
		},
		'a server that fails': {
			kind: 'failing',
			meet: () => {
				server.fault({fault: 'status', code: 503, resource: 'services', times: 3})
				server.fault({fault: 'close', resource: 'services'})
			},
		},
	} as const

	for (const [name, {kind, meet}] of Object.entries(FAULTS)) {
		it(`survives ${name}: the state becomes right, and the log says it once`, async () => {
			meet()
			server.put(externalIP('203.0.113.2'))
			await untilServed('203.0.113.2')
			await untilGone('203.0.113.1')
			expect(isServed(VIP)).to.equal(true)
			expect(warnings().map(({kind, msg}) => kind ?? msg)).to.deep.equal([kind])
		})
	}

	it('passes over an unknown field without a word', async () => {
		server.put(sampleService('web', {externalIPs: ['203.0.113.2'], inventedTomorrow: {deeply: ['nested']}}))
		await untilServed('203.0.113.2')
		expect(warnings()).to.deep.equal([])
	})

	it('keeps serving what an object asked for before it became unreadable, and says so once', async () => {
		server.put(sampleService('web', {ports: 'all of them'}))
		server.put(sampleService('other', {clusterIP: '10.96.0.2', clusterIPs: ['10.96.0.2']}))
		await untilServed('10.96.0.2')
		server.fault({fault: 'error-event', code: 410, resource: 'services'})
		server.put(sampleService('third', {clusterIP: '10.96.0.3', clusterIPs: ['10.96.0.3']}))
		await untilServed('10.96.0.3')
		expect(isServed('203.0.113.1')).to.equal(true)
		expect(warnings().filter(({msg}) => msg.includes('default/web'))).to.have.length(1)
		const solved = () => log.filter(({msg}) => msg.startsWith('solved: ') && msg.includes('default/web'))
		expect(solved()).to.deep.equal([])
		server.put(externalIP('203.0.113.2'))
		await untilServed('203.0.113.2')
		await untilGone('203.0.113.1')
		expect(solved()).to.have.length(1)
	})

	it('keeps the last known state while the API server is away', async () => {
		const before = fake.dump()
		server.fault({fault: 'reset', times: 1000})
		server.fault({fault: 'drop'})
		await new Promise(resolve => setTimeout(resolve, 500))
		expect(fake.dump()).to.deep.equal(before)
		server.clearFaults()
		server.put(externalIP('203.0.113.2'))
		await untilServed('203.0.113.2')
	})
})
