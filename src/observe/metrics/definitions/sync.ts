import {IP_FAMILY, type MetricTable} from '../definition.ts'

const SYNC_KIND = {kind: '`first`, `audit` or `change`'} as const

/** 1 ms to 30 s. */
const SYNC_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

const PROGRAMMING_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 7.5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300]

/** When and how the kernel is brought in line with the cluster. */
export const SYNC_METRICS = {
	syncDuration: {
		name: 'kube_lvs_sync_duration_seconds',
		type: 'histogram',
		help: 'Time of a sync, from the first change that it takes in to the last answer of the kernel',
		unit: 'seconds',
		labels: SYNC_KIND,
		buckets: SYNC_BUCKETS,
	},
	stageDuration: {
		name: 'kube_lvs_sync_stage_duration_seconds',
		type: 'histogram',
		help: 'What a sync spends its time with; the kernel is read before the sync begins, while changes go on',
		unit: 'seconds',
		labels: {
			...SYNC_KIND,
			stage:
				'`read` the kernel, `compile` what Services ask for, `plan` operations, `apply` them, and `drain` for the look at what drains',
		},
		buckets: SYNC_BUCKETS,
	},
	syncsFailed: {
		name: 'kube_lvs_sync_failures_total',
		type: 'counter',
		help: 'Syncs that could not be done at all, for instance because the kernel could not be read',
		unit: 'syncs',
		labels: SYNC_KIND,
	},
	lastSuccess: {
		name: 'kube_lvs_last_successful_sync_timestamp_seconds',
		type: 'gauge',
		help: 'When a sync last went well, since 1970; absent before the first one',
		unit: 'seconds',
		labels: IP_FAMILY,
	},
	lastRequest: {
		name: 'kube_lvs_last_sync_request_timestamp_seconds',
		type: 'gauge',
		help: 'When a change last asked for a sync, since 1970; the start of the process before the first one',
		unit: 'seconds',
		labels: IP_FAMILY,
	},
	latency: {
		name: 'kube_lvs_network_programming_duration_seconds',
		type: 'histogram',
		help: 'Time from the change of a pod or Service, as endpoints.kubernetes.io/last-change-trigger-time tells it, to the end of the sync that brought it here',
		unit: 'seconds',
		labels: IP_FAMILY,
		buckets: PROGRAMMING_BUCKETS,
	},
	objectChanges: {
		name: 'kube_lvs_object_changes_total',
		type: 'counter',
		help: 'Objects that have come, changed or gone',
		unit: 'changes',
		labels: {kind: '`Service`, `EndpointSlice`, `Node` or `ServiceCIDR`'},
	},
	pendingChanges: {
		name: 'kube_lvs_pending_changes',
		type: 'gauge',
		help: 'Objects that differ from what was last synced, now',
		unit: 'objects',
		labels: {kind: '`Service` or `EndpointSlice`'},
	},
	watchAge: {
		name: 'kube_lvs_watch_age_seconds',
		type: 'gauge',
		help: 'Time since the API server was last heard, by a list or a watch; it sends a bookmark each minute at least. Not there without an API server',
		unit: 'seconds',
		labels: {kind: '`Service`, `EndpointSlice`, `Node` or `ServiceCIDR`'},
	},
	services: {
		name: 'kube_lvs_services',
		type: 'gauge',
		help: 'Services that are known, now',
		unit: 'Services',
		labels: {},
	},
	noLocal: {
		name: 'kube_lvs_service_ports_without_local_endpoints',
		type: 'gauge',
		help: 'Service ports with a policy for endpoints of this node that have endpoints on other nodes only, now',
		unit: 'service ports',
		labels: {traffic_policy: '`internal` or `external`', ...IP_FAMILY},
	},
} as const satisfies MetricTable
