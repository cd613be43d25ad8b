import type {Stats, Traffic} from '../../../state/stats.ts'
import type {MetricDefinition, MetricTable} from '../definition.ts'
import type {EndpointTraffic, ServerTraffic} from '../traffic-source.ts'

/** What is measured each time somebody asks, and how its value is found. */
export interface Sampled<Row> extends MetricDefinition {
	readonly measure: (row: Row) => number
}

const COUNTED: readonly (readonly [keyof Traffic, string, string, string])[] = [
	['connections', 'connections', 'connections', 'Connections'],
	['packetsIn', 'incoming_packets', 'packets', 'Packets from clients'],
	['packetsOut', 'outgoing_packets', 'packets', 'Packets back to clients that passed this node'],
	['bytesIn', 'incoming_bytes', 'bytes', 'Bytes from clients'],
	['bytesOut', 'outgoing_bytes', 'bytes', 'Bytes back to clients that passed this node'],
]

const counters = <Row>(
	prefix: string,
	of: string,
	labels: MetricDefinition['labels'],
	trafficOf: (row: Row) => Traffic,
): readonly Sampled<Row>[] =>
	COUNTED.map(([field, name, unit, what]) => ({
		name: `kube_lvs_${prefix}${name}_total`,
		type: 'counter',
		help: `${what}, ${of}`,
		unit,
		labels,
		measure: row => trafficOf(row)[field],
	}))

/** Always told. */
export const NODE_TRAFFIC: readonly Sampled<Stats>[] = [
	...counters<Stats>('', 'of all virtual servers of this node, also those of others', {}, ({total}) => total),
	...COUNTED.map(
		([field, name, unit, what]): Sampled<Stats> => ({
			name: `kube_lvs_${name}_per_second`,
			type: 'gauge',
			help: `${what}, of all virtual servers of this node: the kernel's estimate over some seconds`,
			unit: `${unit} per second`,
			labels: {},
			measure: ({perSecond}) => perSecond[field],
		}),
	),
]

const SERVICE = {
	service_namespace: 'namespace of the Service',
	service_name: 'its name',
	virtual_server: 'as `status` prints it: `tcp 10.96.0.10:80`',
} as const

export const SERVICE_TRAFFIC = counters<ServerTraffic>('service_', 'of one virtual server', SERVICE, ({total}) => total)

const ENDPOINT = {...SERVICE, real_server: 'address and port of the endpoint: `10.244.1.5:8080`'} as const

export const ENDPOINT_TRAFFIC: readonly Sampled<EndpointTraffic>[] = [
	...counters<EndpointTraffic>('endpoint_', 'of one endpoint in one virtual server', ENDPOINT, ({total}) => total),
	{
		name: 'kube_lvs_endpoint_active_connections',
		type: 'gauge',
		help: 'Connections that are established, of one endpoint in one virtual server, now',
		unit: 'connections',
		labels: ENDPOINT,
		measure: ({counters}) => counters.activeConnections,
	},
	{
		name: 'kube_lvs_endpoint_inactive_connections',
		type: 'gauge',
		help: 'Connections that begin or end, and clients of UDP, of one endpoint in one virtual server, now',
		unit: 'connections',
		labels: ENDPOINT,
		measure: ({counters}) => counters.inactiveConnections,
	},
]

/** What it costs to read the above. */
export const READING_METRICS = {
	trafficReads: {
		name: 'kube_lvs_traffic_read_duration_seconds',
		type: 'histogram',
		help: 'Time to read the counters of Services or endpoints from the kernel',
		unit: 'seconds',
		labels: {},
		buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30],
	},
	trafficReadsFailed: {
		name: 'kube_lvs_traffic_read_failures_total',
		type: 'counter',
		help: 'Attempts to read these counters that the kernel refused',
		unit: 'attempts',
		labels: {},
	},
} as const satisfies MetricTable
