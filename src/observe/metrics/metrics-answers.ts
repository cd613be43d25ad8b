import type {Registry} from 'prom-client'
import type {Clock} from '../../clock.ts'
import type {Config} from '../../config/fields.ts'
import {formatPrefix, type Prefix} from '../../net/prefix.ts'
import type {Stats} from '../../state/stats.ts'
import {type Answerer, jsonAnswer, textAnswer} from '../http/answer.ts'
import {ENDPOINT_TRAFFIC, NODE_TRAFFIC, SERVICE_TRAFFIC} from './definitions/traffic.ts'
import type {Metrics} from './metrics.ts'
import {renderSamples} from './samples.ts'
import {TrafficReading} from './traffic-reading.ts'
import type {ServerTraffic, ServiceTraffic, TrafficSource} from './traffic-source.ts'

export interface MetricsServerParts {
	readonly registry: Registry
	readonly metrics: Metrics
	readonly config: Config
	readonly traffic: TrafficSource
	readonly clock: Clock
}

/** What `metricsBindAddress` serves. */
export const metricsAnswerer = ({registry, metrics, config, traffic, clock}: MetricsServerParts): Answerer => {
	const {trafficMetrics: detail} = config
	const reading = detail === 'none' ? undefined : new TrafficReading({detail, source: traffic, clock, metrics})
	return async path => {
		switch (path) {
			case '/metrics': {
				const total = await traffic.total().catch(() => undefined)
				const services = await reading?.read()
				const text = textAnswer(await registry.metrics(), registry.contentType)
				return {...text, more: renderTraffic(total, services, detail)}
			}
			case '/healthz':
				return textAnswer('ok')
			case '/proxyMode':
				return textAnswer('ipvs')
			case '/configz':
				return jsonAnswer(200, formatConfig(config))
			default:
				return undefined
		}
	}
}

function* renderTraffic(
	total: Stats | undefined,
	services: ServiceTraffic | undefined,
	detail: Config['trafficMetrics'],
): Generator<string> {
	yield* renderSamples(NODE_TRAFFIC, total ? [total] : [], () => ({}))
	if (services) {
		yield* renderSamples(SERVICE_TRAFFIC, services.servers, labelsOf)
	}
	if (services && detail === 'endpoint') {
		yield* renderSamples(ENDPOINT_TRAFFIC, services.endpoints, row => ({...labelsOf(row), real_server: row.realServer}))
	}
}

const labelsOf = ({service, virtualServer}: ServerTraffic) => {
	const [service_namespace = '', service_name = ''] = service.split('/')
	return {service_namespace, service_name, virtual_server: virtualServer}
}

/** The configuration in effect; networks as they are written, durations in milliseconds. */
const formatConfig = (config: Config): unknown =>
	JSON.parse(JSON.stringify(config, (_, value) => (isPrefix(value) ? formatPrefix(value) : value)))

const isPrefix = (value: unknown): value is Prefix =>
	typeof value === 'object' && value !== null && 'length' in value && 'address' in value
