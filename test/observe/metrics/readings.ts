import type {Readings} from '../../../src/observe/metrics/readings.ts'
import type {TrafficSource} from '../../../src/observe/metrics/traffic-source.ts'

/** Of a process where nothing has happened yet. */
export const NO_READINGS: Readings = {
	pending: () => ({services: 0, endpointSlices: 0}),
	services: () => 0,
	draining: () => 0,
	sets: () => [],
	virtualServers: () => ({ours: 0, foreign: 0}),
	features: () => [],
	watchAges: () => [],
	version: '0.0.0',
}

export const NO_TRAFFIC: TrafficSource = {
	total: async () => undefined,
	services: async () => ({servers: [], endpoints: []}),
}
