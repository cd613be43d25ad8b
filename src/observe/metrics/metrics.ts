import {Counter, Gauge, Histogram, type Registry} from 'prom-client'

/** 1 ms doubled up to 16 s. */
const SYNC_BUCKETS = Array.from({length: 15}, (_, power) => 0.001 * 2 ** power)

const range = (from: number, to: number, step: number): readonly number[] =>
	Array.from({length: (to - from) / step + 1}, (_, at) => from + at * step)

const PROGRAMMING_BUCKETS = [0.25, 0.5, ...range(1, 59, 1), ...range(60, 115, 5), ...range(120, 300, 30)]

/** What waits for the next sync. */
export interface Pending {
	/** Services that differ from what was last synced. */
	readonly services: number
	readonly endpointSlices: number
}

/**
 * Every metric, once. Those that start with `kubeproxy_` have the names, labels and buckets of kube-proxy
 * (kube-proxy metrics/metrics.go), so that dashboards and alerts go on working; those that start with `kube_lvs_` are
 * our own.
 */
export const createMetrics = (registry: Registry, pending: () => Pending) => {
	const {counter, gauge, pulled, histogram} = makersFor(registry)
	return {
		syncDuration: histogram(`${SYNC}_duration_seconds`, 'Time of a sync', SYNC_BUCKETS),
		lastSync: gauge(`${SYNC}_last_timestamp_seconds`, 'Time of the last successful sync', ['ip_family']),
		lastQueued: gauge(`${SYNC}_last_queued_timestamp_seconds`, 'Time of the last request for a sync', ['ip_family']),
		programming: histogram(
			'kubeproxy_network_programming_duration_seconds',
			'Time from a change of a pod or Service to the end of the sync that brought it here',
			PROGRAMMING_BUCKETS,
		),
		endpointsPending: pulled(
			`${SYNC}_endpoint_changes_pending`,
			'EndpointSlices that have changed since the last sync',
			() => pending().endpointSlices,
		),
		servicesPending: pulled(
			`${SYNC}_service_changes_pending`,
			'Services that differ from what was last synced',
			() => pending().services,
		),
		endpointChanges: counter(`${SYNC}_endpoint_changes_total`, 'Changes of EndpointSlices'),
		serviceChanges: counter(`${SYNC}_service_changes_total`, 'Changes of Services'),
		noLocalEndpoints: gauge(
			`${SYNC}_no_local_endpoints_total`,
			'Service ports with a policy for endpoints of this node that have endpoints on other nodes only',
			['traffic_policy', 'ip_family'],
		),
		restoreFailures: counter(`${SYNC}_iptables_restore_failures_total`, 'Failed calls of iptables-restore', [
			'ip_family',
		]),
		healthz: counter('kubeproxy_proxy_healthz_total', 'Answers of /healthz', ['code']),
		livez: counter('kubeproxy_proxy_livez_total', 'Answers of /livez', ['code']),
		problems: gauge('kube_lvs_problems', 'Values of Services that are not served as asked', ['reason']),
		servicesWithProblems: gauge('kube_lvs_services_with_problems', 'Services not served as asked', ['reason']),
		kubeProxyAlive: gauge('kube_lvs_kube_proxy_alive', 'A kube-proxy answers on this node: 1, or 0'),
		contested: gauge('kube_lvs_contested', 'Operations that each of the last three audits had to repeat'),
		failures: counter('kube_lvs_failures_total', 'Operations that the kernel refused', ['operation', 'code']),
	}
}

const makersFor = (registry: Registry) => {
	const registers = [registry]
	return {
		counter: <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
			new Counter({name, help, labelNames, registers}),
		gauge: <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
			new Gauge({name, help, labelNames, registers}),
		/** A gauge that is read when it is asked for. */
		pulled: (name: string, help: string, read: () => number) =>
			new Gauge({
				name,
				help,
				registers,
				collect() {
					this.set(read())
				},
			}),
		histogram: (name: string, help: string, buckets: readonly number[]) =>
			new Histogram({name, help, buckets: [...buckets], labelNames: ['ip_family'] as const, registers}),
	}
}

const SYNC = 'kubeproxy_sync_proxy_rules'

export type Metrics = ReturnType<typeof createMetrics>
