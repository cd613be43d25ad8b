/** `node docs/generate-metrics.ts`: writes metrics.md from the table of all metrics. */
import {writeFileSync} from 'node:fs'
import {Registry} from 'prom-client'
import type {MetricDefinition, MetricTable} from '../src/observe/metrics/definition.ts'
import {KERNEL_METRICS} from '../src/observe/metrics/definitions/kernel.ts'
import {KUBE_PROXY_METRICS} from '../src/observe/metrics/definitions/kube-proxy.ts'
import {PROBLEM_METRICS} from '../src/observe/metrics/definitions/problems.ts'
import {SYNC_METRICS} from '../src/observe/metrics/definitions/sync.ts'
import {
	ENDPOINT_TRAFFIC,
	NODE_TRAFFIC,
	READING_METRICS,
	SERVICE_TRAFFIC,
} from '../src/observe/metrics/definitions/traffic.ts'
import {registerProcessMetrics} from '../src/observe/metrics/process-metrics.ts'

/** The whole page. */
export const renderMetrics = (): string =>
	[
		INTRODUCTION,
		section('Syncs', SYNC_METRICS),
		section('The kernel', KERNEL_METRICS),
		[TRAFFIC, ...[NODE_TRAFFIC, SERVICE_TRAFFIC, ENDPOINT_TRAFFIC].map(renderTable)].join('\n\n'),
		renderTable(Object.values(READING_METRICS)),
		section('Problems and probes', PROBLEM_METRICS),
		`${section("kube-proxy's names", KUBE_PROXY_METRICS, KUBE_PROXY)}`,
		`## The process\n\nAs in other programs that run in Node.js.\n\n${renderProcess()}\n`,
	].join('\n\n')

const INTRODUCTION = `<!-- Made by docs/generate-metrics.ts from src/observe/metrics/; do not edit. -->
# Metrics

\`metricsBindAddress\` serves them at \`/metrics\`, in Prometheus' text format:

    curl http://127.0.0.1:10249/metrics

Times are seconds, sizes are bytes. A histogram has \`_bucket\`, \`_sum\` and \`_count\`. What is said to be so "now" is a gauge,
and 0 or absent when it is over.`

const KUBE_PROXY = `For dashboards and alerts that were made for kube-proxy: what it measures in IPVS mode, with its names, labels and
buckets. With \`kubeProxyMetrics: false\` they are left out; each has a counterpart above.`

const TRAFFIC = `## Traffic

What IPVS counts. Counters of a virtual or real server begin at 0 when it is made, and when somebody zeroes them; the
kernel adds them up every two seconds. The rate of each Service:

    sum by (service_namespace, service_name) (rate(kube_lvs_service_incoming_bytes_total[5m]))

The whole node is always told; \`trafficMetrics\` says what else:

| \`trafficMetrics\` | series of each node | for |
| --- | --- | --- |
| \`none\`, the default | ${NODE_TRAFFIC.length} | clusters of any size |
| \`service\` | ${SERVICE_TRAFFIC.length} more for each virtual server in use | some thousand Services |
| \`endpoint\` | ${ENDPOINT_TRAFFIC.length} more for each endpoint of these | some hundred Services, or for a while |

The default is \`none\` because the number of series is that of Services times that of nodes, which is for the operator of
Prometheus to choose. What no client has used on this node has no series.

Counters are read when somebody asks, over a socket of their own: no sync waits for them, and the reading gives way to
everything else. The kernel goes through its table anew for each part of its answer, so the time grows faster than the
number of virtual servers; in the test kernel, on a busy machine:

| virtual servers | to read their counters |
| --- | --- |
| 1,000 | 0.03 s |
| 10,000 | 0.2 s |
| 50,000 | 8 s |

While 50,000 are read, another operation takes 2 ms instead of 0.6, and 36 ms at most.

\`endpoint\` takes 0.2 ms more for each virtual server in use. Whatever it takes, it is bounded: a reading is used again for
nine times as long as it took, so that it costs a tenth of one CPU at most, and nobody who asks waits longer than three
seconds. Beyond that the counters are those of the reading before, and \`rate\` is right over a few minutes.`

const section = (title: string, table: MetricTable, text?: string): string =>
	[`## ${title}`, ...(text ? [text] : []), renderTable(Object.values(table))].join('\n\n')

const renderTable = (definitions: readonly MetricDefinition[]): string =>
	[
		'| metric | type | unit | labels | is |',
		'| --- | --- | --- | --- | --- |',
		...definitions.map(
			({name, type, unit, labels, help}) => `| \`${name}\` | ${type} | ${unit} | ${renderLabels(labels)} | ${help} |`,
		),
	].join('\n')

const renderLabels = (labels: MetricDefinition['labels']): string =>
	Object.entries(labels)
		.map(([name, values]) => `\`${name}\`: ${values}`)
		.join('; ')

/** What the library registers by itself. */
const renderProcess = (): string => {
	const registry = new Registry()
	registerProcessMetrics(registry)
	const rows = registry
		.getMetricsAsArray()
		.map(metric => {
			const {name, help, type} = metric as unknown as {
				readonly name: string
				readonly help: string
				readonly type?: string
			}
			return {name, help, type: type ?? metric.constructor.name.toLowerCase()}
		})
		.map(({name, help, type}) => `| \`${name}\` | ${type} | ${help.replace(/\.$/, '')} |`)
	return ['| metric | type | is |', '| --- | --- | --- |', ...rows].join('\n')
}

if (import.meta.main) {
	writeFileSync(new URL('metrics.md', import.meta.url), renderMetrics())
}
