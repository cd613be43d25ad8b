import {collectDefaultMetrics, type Registry} from 'prom-client'

/** Sums of gauges that are there as well, under names that are for counters. */
const MISNAMED = ['nodejs_active_resources_total', 'nodejs_active_handles_total', 'nodejs_active_requests_total']

/** What can be told of every process that runs in Node.js. */
export const registerProcessMetrics = (registry: Registry): void => {
	collectDefaultMetrics({register: registry})
	for (const name of MISNAMED) {
		registry.removeSingleMetric(name)
	}
}
