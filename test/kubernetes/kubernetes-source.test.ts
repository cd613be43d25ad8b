import {expect} from 'chai'
import {systemClock} from '../../src/clock.ts'
import {createHttpClient} from '../../src/kubernetes/http-client.ts'
import {createKubernetesSource} from '../../src/kubernetes/kubernetes-source.ts'
import {startApiServer} from '../support/api-server/start-api-server.ts'
import {eventually} from './eventually.ts'
import {createRecordingSink} from './recording-sink.ts'
import {QUICK} from './reflect.ts'
import {sampleNode, sampleService, sampleSlice} from './samples.ts'

describe('source of the API server', () => {
	it('reads Services, EndpointSlices and one Node, without what is not ours', async () => {
		const server = await startApiServer({
			objects: [
				sampleService('web'),
				sampleService('headless', {clusterIP: 'None', clusterIPs: ['None']}),
				sampleService('foreign', {}, {labels: {'service.kubernetes.io/service-proxy-name': 'other'}}),
				sampleSlice('web-1', ['10.0.0.1']),
				sampleSlice('db-1', ['10.0.0.2'], {
					metadata: {name: 'db-1', namespace: 'default', labels: {'service.kubernetes.io/headless': ''}},
				}),
				sampleNode('node-a'),
				sampleNode('node-b'),
			],
		})
		const http = createHttpClient({access: server.access('certificate'), clock: systemClock})
		const sink = createRecordingSink()
		const reports: unknown[] = []
		const source = createKubernetesSource({
			http,
			nodeName: 'node-a',
			clock: systemClock,
			random: Math.random,
			report: event => reports.push(event),
			limits: QUICK,
		})
		const controller = new AbortController()
		const running = source.run(sink, controller.signal)
		await eventually(() => expect(sink.log.filter(line => line.startsWith('synced'))).to.have.length(3))
		server.put(sampleNode('node-b', '192.168.0.9'))
		server.put(sampleNode('node-a', '192.168.0.7'))
		await eventually(() => expect(sink.objects.get('Node node-a')).to.have.deep.property('addresses', ['192.168.0.7']))
		expect([...sink.objects.keys()].sort()).to.deep.equal([
			'EndpointSlice default/web-1',
			'Node node-a',
			'Service default/web',
		])
		expect(reports).to.deep.equal([])
		controller.abort()
		await running
		http.close()
		await server.close()
	})
})
