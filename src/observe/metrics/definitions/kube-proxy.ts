import {IP_FAMILY, type MetricTable} from '../definition.ts'

/** 1 ms doubled up to 16 s. */
const SYNC_BUCKETS = Array.from({length: 15}, (_, power) => 0.001 * 2 ** power)

const range = (from: number, to: number, step: number): readonly number[] =>
	Array.from({length: (to - from) / step + 1}, (_, at) => from + at * step)

const PROGRAMMING_BUCKETS = [0.25, 0.5, ...range(1, 59, 1), ...range(60, 115, 5), ...range(120, 300, 30)]

/** Names, types, labels and buckets of kube-proxy (kube-proxy metrics/metrics.go). */
export const KUBE_PROXY_METRICS = {
	kubeProxySyncDuration: {
		name: 'kubeproxy_sync_proxy_rules_duration_seconds',
		type: 'histogram',
		help: 'Time of a sync',
		unit: 'seconds',
		labels: IP_FAMILY,
		buckets: SYNC_BUCKETS,
	},
	kubeProxyLastSync: {
		name: 'kubeproxy_sync_proxy_rules_last_timestamp_seconds',
		type: 'gauge',
		help: 'Time of the last successful sync',
		unit: 'seconds',
		labels: IP_FAMILY,
	},
	kubeProxyLastQueued: {
		name: 'kubeproxy_sync_proxy_rules_last_queued_timestamp_seconds',
		type: 'gauge',
		help: 'Time of the last request for a sync',
		unit: 'seconds',
		labels: IP_FAMILY,
	},
	kubeProxyProgramming: {
		name: 'kubeproxy_network_programming_duration_seconds',
		type: 'histogram',
		help: 'Time from a change of a pod or Service to the end of the sync that brought it here',
		unit: 'seconds',
		labels: IP_FAMILY,
		buckets: PROGRAMMING_BUCKETS,
	},
	kubeProxyEndpointsPending: {
		name: 'kubeproxy_sync_proxy_rules_endpoint_changes_pending',
		type: 'gauge',
		help: 'EndpointSlices that have changed since the last sync',
		unit: 'objects',
		labels: {},
	},
	kubeProxyEndpointChanges: {
		name: 'kubeproxy_sync_proxy_rules_endpoint_changes_total',
		type: 'counter',
		help: 'Changes of EndpointSlices',
		unit: 'changes',
		labels: {},
	},
	kubeProxyServicesPending: {
		name: 'kubeproxy_sync_proxy_rules_service_changes_pending',
		type: 'gauge',
		help: 'Services that differ from what was last synced',
		unit: 'objects',
		labels: {},
	},
	kubeProxyServiceChanges: {
		name: 'kubeproxy_sync_proxy_rules_service_changes_total',
		type: 'counter',
		help: 'Changes of Services',
		unit: 'changes',
		labels: {},
	},
	kubeProxyNoLocal: {
		name: 'kubeproxy_sync_proxy_rules_no_local_endpoints_total',
		type: 'gauge',
		help: 'Service ports with a policy for endpoints of this node that have endpoints on other nodes only',
		unit: 'service ports',
		labels: {traffic_policy: '`internal` or `external`', ...IP_FAMILY},
	},
	kubeProxyRestoreFailures: {
		name: 'kubeproxy_sync_proxy_rules_iptables_restore_failures_total',
		type: 'counter',
		help: 'Failed calls of iptables-restore',
		unit: 'calls',
		labels: IP_FAMILY,
	},
	kubeProxyHealthz: {
		name: 'kubeproxy_proxy_healthz_total',
		type: 'counter',
		help: 'Answers of /healthz',
		unit: 'answers',
		labels: {code: 'status of HTTP, 200 or 503'},
	},
	kubeProxyLivez: {
		name: 'kubeproxy_proxy_livez_total',
		type: 'counter',
		help: 'Answers of /livez',
		unit: 'answers',
		labels: {code: 'status of HTTP, 200 or 503'},
	},
} as const satisfies MetricTable
