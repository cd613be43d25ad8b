import {expect} from 'chai'
import {systemClock} from '../../src/clock.ts'
import {createHttpClient} from '../../src/kubernetes/http-client.ts'
import {createKubernetesSource} from '../../src/kubernetes/kubernetes-source.ts'
import type {TransportReport} from '../../src/kubernetes/trouble.ts'
import {OBJECT_KINDS} from '../../src/model/object.ts'
import {type ApiServer, startApiServer} from '../support/api-server/start-api-server.ts'
import {eventually} from '../support/eventually.ts'
import {createRecordingSink, type RecordingSink} from './recording-sink.ts'
import {QUICK} from './reflect.ts'
import {sampleNode, sampleService, sampleServiceCIDR, sampleSlice} from './samples.ts'

const OBJECTS = [
	sampleService('web'),
	sampleService('headless', {clusterIP: 'None', clusterIPs: ['None']}),
	sampleService('foreign', {}, {labels: {'service.kubernetes.io/service-proxy-name': 'other'}}),
	sampleSlice('web-1', ['10.0.0.1']),
	sampleSlice('db-1', ['10.0.0.2'], {
		metadata: {name: 'db-1', namespace: 'default', labels: {'service.kubernetes.io/headless': ''}},
	}),
	sampleNode('node-a'),
	sampleNode('node-b', '192.168.0.2'),
	sampleServiceCIDR('kubernetes', '10.96.0.0/16'),
]

describe('source of the API server', () => {
	let server: ApiServer
	let sink: RecordingSink
	let reports: TransportReport[]
	let stop: () => Promise<void>

	const start = async (watchAllNodes: boolean) => {
		const http = createHttpClient({access: server.access('certificate'), clock: systemClock})
		sink = createRecordingSink()
		reports = []
		const report = (event: TransportReport) => reports.push(event)
		const source = createKubernetesSource({
			...{http, nodeName: 'node-a', watchAllNodes, report},
			...{clock: systemClock, random: Math.random, limits: QUICK},
		})
		const controller = new AbortController()
		const running = source.run(sink, controller.signal)
		stop = async () => {
			controller.abort()
			await running
			http.close()
			await server.close()
		}
		await eventually(() =>
			expect(sink.log.filter(line => line.startsWith('synced'))).to.have.members(
				OBJECT_KINDS.map(kind => `synced ${kind}`),
			),
		)
	}

	beforeEach(async () => {
		server = await startApiServer({objects: OBJECTS})
	})
	afterEach(() => stop())

	it('reads what a service proxy needs, without what is not ours', async () => {
		await start(true)
		server.put(sampleNode('node-b', '192.168.0.9'))
		await eventually(() => expect(sink.objects.get('Node node-b')).to.have.deep.property('addresses', ['192.168.0.9']))
		expect([...sink.objects.keys()].sort()).to.deep.equal([
			'EndpointSlice default/web-1',
			'Node node-a',
			'Node node-b',
			'Service default/web',
			'ServiceCIDR kubernetes',
		])
		expect(reports).to.deep.equal([])
	})

	it('reads one Node alone where it is told to', async () => {
		await start(false)
		server.put(sampleNode('node-b', '192.168.0.9'))
		server.put(sampleNode('node-a', '192.168.0.7'))
		await eventually(() => expect(sink.objects.get('Node node-a')).to.have.deep.property('addresses', ['192.168.0.7']))
		expect(sink.keys('Node')).to.deep.equal(['node-a'])
	})

	it('is synced in a cluster that has no ServiceCIDRs', async () => {
		server.fault({fault: 'status', code: 404, resource: 'servicecidrs', times: 100})
		await start(true)
		expect(sink.keys('ServiceCIDR')).to.deep.equal([])
		expect(reports.map(({source, kind}) => [source, kind])).to.deep.equal([['ServiceCIDR', 'absent']])
	})
})
