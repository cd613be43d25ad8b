import {expect} from 'chai'
import {Registry} from 'prom-client'
import {parseConfig} from '../../../src/config/parse.ts'
import {createMetrics} from '../../../src/observe/metrics/metrics.ts'
import {metricsAnswerer} from '../../../src/observe/metrics/metrics-answers.ts'
import type {TrafficSource} from '../../../src/observe/metrics/traffic-source.ts'
import {LOCAL, service, slice} from '../../acceptance/objects.ts'
import {World} from '../../acceptance/world.ts'
import {createManualClock} from '../../kubernetes/manual-clock.ts'
import {realServer, virtualServer} from '../../state/build.ts'
import {NO_READINGS, NO_TRAFFIC} from './readings.ts'

const SERVER = 'tcp 10.96.0.10:80'
const FOREIGN = 'tcp 198.51.100.1:80'
const [ENDPOINT = ''] = Object.keys(LOCAL)

const stats = (connections: number) => {
	const traffic = {connections, packetsIn: 20, packetsOut: 10, bytesIn: 2000, bytesOut: 1000}
	return {total: traffic, perSecond: traffic}
}

/** Samples of counters of one kind that a node tells where so many connections went through its Service. */
const samplesOf = async (prefix: string, trafficMetrics: string, connections: number): Promise<readonly string[]> => {
	const world = new World({config: {trafficMetrics}}, undefined)
	try {
		world.given(service(), slice())
		world.kernel.ipvs.load(virtualServer(FOREIGN), [realServer('198.51.100.2:80')])
		await world.settled()
		const counted = connections > 0 ? stats(connections) : {...stats(0), total: {...stats(0).total, packetsIn: 0}}
		world.kernel.ipvs.setStats(counted, SERVER)
		world.kernel.ipvs.setStats(counted, SERVER, ENDPOINT)
		world.kernel.ipvs.setConnections(SERVER, ENDPOINT, 2, 1)
		world.kernel.ipvs.setStats(stats(9), FOREIGN)
		const text = (await world.telemetry.ask('/metrics')) ?? ''
		return text.split('\n').filter(line => line.startsWith(`kube_lvs_${prefix}_`) && line.includes('virtual_server='))
	} finally {
		await world.stop()
	}
}

describe('the traffic that metrics tell', () => {
	const labels = `service_namespace="ns",service_name="s",virtual_server="${SERVER}"`

	it('is by default that of no Service', async () => {
		expect(await samplesOf('service', 'none', 5)).to.deep.equal([])
		expect(await samplesOf('endpoint', 'none', 5)).to.deep.equal([])
	})

	it('is that of each Service, and not of virtual servers of others', async () => {
		expect(await samplesOf('service', 'service', 5)).to.deep.equal([
			`kube_lvs_service_connections_total{${labels}} 5`,
			`kube_lvs_service_incoming_packets_total{${labels}} 20`,
			`kube_lvs_service_outgoing_packets_total{${labels}} 10`,
			`kube_lvs_service_incoming_bytes_total{${labels}} 2000`,
			`kube_lvs_service_outgoing_bytes_total{${labels}} 1000`,
		])
		expect(await samplesOf('endpoint', 'service', 5)).to.deep.equal([])
	})

	it('is that of each endpoint that is in use', async () => {
		const ofEndpoint = `${labels},real_server="${ENDPOINT}"`
		expect(await samplesOf('service', 'endpoint', 5)).to.have.lengthOf(5)
		expect(await samplesOf('endpoint', 'endpoint', 5)).to.deep.equal([
			`kube_lvs_endpoint_connections_total{${ofEndpoint}} 5`,
			`kube_lvs_endpoint_incoming_packets_total{${ofEndpoint}} 20`,
			`kube_lvs_endpoint_outgoing_packets_total{${ofEndpoint}} 10`,
			`kube_lvs_endpoint_incoming_bytes_total{${ofEndpoint}} 2000`,
			`kube_lvs_endpoint_outgoing_bytes_total{${ofEndpoint}} 1000`,
			`kube_lvs_endpoint_active_connections{${ofEndpoint}} 2`,
			`kube_lvs_endpoint_inactive_connections{${ofEndpoint}} 1`,
		])
	})

	it('has no series of what nobody has used', async () => {
		expect(await samplesOf('service', 'endpoint', 0)).to.deep.equal([])
		expect(await samplesOf('endpoint', 'endpoint', 0)).to.deep.equal([])
	})
})

describe('the traffic of the node', () => {
	/** Samples that no other test of metrics has: those of the node. */
	const samplesOfNode = async (total: TrafficSource['total']) => {
		const registry = new Registry()
		const metrics = createMetrics(registry, () => NO_READINGS, {kubeProxyMetrics: false})
		const answer = await metricsAnswerer({
			...{registry, metrics, clock: createManualClock()},
			config: parseConfig('', {nodeName: 'n1'}),
			traffic: {...NO_TRAFFIC, total},
		})('/metrics')
		const text = [...(answer?.more ?? [])].join('')
		return {status: answer?.status, samples: text.split('\n').filter(line => line !== '' && !line.startsWith('#'))}
	}

	it('is told, whatever is told of Services', async () => {
		const {total} = stats(5)
		const perSecond = {connections: 1, packetsIn: 2, packetsOut: 3, bytesIn: 4, bytesOut: 5}
		expect((await samplesOfNode(async () => ({total, perSecond}))).samples).to.deep.equal([
			'kube_lvs_connections_total 5',
			'kube_lvs_incoming_packets_total 20',
			'kube_lvs_outgoing_packets_total 10',
			'kube_lvs_incoming_bytes_total 2000',
			'kube_lvs_outgoing_bytes_total 1000',
			'kube_lvs_connections_per_second 1',
			'kube_lvs_incoming_packets_per_second 2',
			'kube_lvs_outgoing_packets_per_second 3',
			'kube_lvs_incoming_bytes_per_second 4',
			'kube_lvs_outgoing_bytes_per_second 5',
		])
	})

	it('is not told where the kernel does not tell, and all else is', async () => {
		for (const total of [async () => undefined, () => Promise.reject(new Error('EACCES'))]) {
			expect(await samplesOfNode(total)).to.deep.equal({status: 200, samples: []})
		}
	})
})
