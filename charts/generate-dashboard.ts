/** `node charts/generate-dashboard.ts`: writes the chart's dashboard for Grafana. */
import {writeFileSync} from 'node:fs'

interface Panel {
	readonly title: string
	readonly description: string
	/** Of Grafana: `s`, `percentunit`, `ops`, `short` ... */
	readonly unit: string
	/** Expression and legend. */
	readonly queries: readonly (readonly [expression: string, legend: string])[]
}

interface Row {
	readonly title: string
	/** `stat`: one number, of each query its last value; otherwise lines over time. */
	readonly type: 'stat' | 'timeseries'
	readonly panels: readonly Panel[]
}

/** What is chosen above the panels. */
const NODES = 'instance=~"$instance"'

/** The name of the node is there if the scrape gives it, as the chart's does. */
const NODE = '{{node}} {{instance}}'

const rate = (metric: string, matchers = ''): string =>
	`rate(${metric}{${[NODES, matchers].filter(Boolean).join(', ')}}[$__rate_interval])`

const quantiles = (metric: string, by = ''): Panel['queries'] =>
	[0.5, 0.99].map(quantile => [
		`histogram_quantile(${quantile}, sum by (${['le', by].filter(Boolean).join(', ')}) (${rate(`${metric}_bucket`)}))`,
		`p${quantile * 100}${by && ` {{${by}}}`}`,
	])

/** A cluster has more nodes than a panel can show: those that stand out. */
const top = (expression: string, legend = NODE): Panel['queries'] => [[`topk(10, ${expression})`, legend]]

const OVERVIEW: Row = {
	title: 'Overview',
	type: 'stat',
	panels: [
		{
			title: 'Nodes',
			description: 'That tell of themselves.',
			unit: 'short',
			queries: [[`count(kube_lvs_build_info{${NODES}})`, 'nodes']],
		},
		{
			title: 'Longest without a successful sync',
			description: 'An audit is a sync as well: at most one auditInterval where all is well.',
			unit: 's',
			queries: [[`max(time() - kube_lvs_last_successful_sync_timestamp_seconds{${NODES}})`, 'age']],
		},
		{
			title: 'Network programming, p99',
			description: 'From the change of a pod or Service until nodes serve it.',
			unit: 's',
			queries: quantiles('kube_lvs_network_programming_duration_seconds').slice(1),
		},
		{
			title: 'Failed operations in 10 minutes',
			description: 'That kernels refused, and what was skipped for that.',
			unit: 'short',
			queries: [[`sum(increase(kube_lvs_failures_total{${NODES}}[10m]))`, 'failed']],
		},
		{
			title: 'Nodes where somebody interferes',
			description: 'A kube-proxy runs there, or somebody undoes what kube-lvs does.',
			unit: 'short',
			queries: [
				[`count(kube_lvs_contested{${NODES}} > 0 or kube_lvs_kube_proxy_alive{${NODES}} > 0) or vector(0)`, 'nodes'],
			],
		},
		{
			title: 'Services not served as written',
			description: 'On the node with most of them.',
			unit: 'short',
			queries: [[`max(sum without (reason) (kube_lvs_services_with_problems{${NODES}}))`, 'Services']],
		},
	],
}

const SYNCS: Row = {
	title: 'Syncs',
	type: 'timeseries',
	panels: [
		{
			title: 'Network programming',
			description: 'From the change of a pod or Service until a node serves it.',
			unit: 's',
			queries: quantiles('kube_lvs_network_programming_duration_seconds'),
		},
		{
			title: 'Time of a sync',
			description: 'Of all nodes, by what the sync was for.',
			unit: 's',
			queries: quantiles('kube_lvs_sync_duration_seconds', 'kind'),
		},
		{
			title: 'Syncs',
			description: 'Of all nodes, by what they were for, and those that could not be done at all.',
			unit: 'ops',
			queries: [
				[`sum by (kind) (${rate('kube_lvs_sync_duration_seconds_count')})`, '{{kind}}'],
				[`sum by (kind) (${rate('kube_lvs_sync_failures_total')})`, '{{kind}}, failed'],
			],
		},
		{
			title: 'Longest without a successful sync',
			description: 'The nodes that wait longest.',
			unit: 's',
			queries: top(`time() - min without (ip_family) (kube_lvs_last_successful_sync_timestamp_seconds{${NODES}})`),
		},
		{
			title: 'API server not heard',
			description:
				'Time since the last word of a watch, which comes each minute at least: the nodes that wait longest.',
			unit: 's',
			queries: top(`kube_lvs_watch_age_seconds{${NODES}}`, `${NODE} {{kind}}`),
		},
		{
			title: 'What syncs spend their time with',
			description: 'Seconds in each second, of all nodes.',
			unit: 'short',
			queries: [[`sum by (stage) (${rate('kube_lvs_sync_stage_duration_seconds_sum')})`, '{{stage}}']],
		},
		{
			title: 'Pending changes',
			description: 'The nodes with most Services and EndpointSlices that differ from what was last synced.',
			unit: 'short',
			queries: top(`kube_lvs_pending_changes{${NODES}}`, `${NODE} {{kind}}`),
		},
		{
			title: 'Probes that failed',
			description: 'Answers 503 of the health server.',
			unit: 'ops',
			queries: top(rate('kube_lvs_health_answers_total', 'code="503"'), `${NODE} {{path}}`),
		},
	],
}

const CHANGES: Row = {
	title: 'Changes',
	type: 'timeseries',
	panels: [
		{
			title: 'Changes in the cluster',
			description: 'Objects that have come, changed or gone, as one node sees them on average.',
			unit: 'ops',
			queries: [[`avg by (kind) (${rate('kube_lvs_object_changes_total')})`, '{{kind}}']],
		},
		{
			title: 'Operations on kernels',
			description: 'Of all nodes.',
			unit: 'ops',
			queries: [[`sum by (operation) (${rate('kube_lvs_operations_total', 'result="done"')})`, '{{operation}}']],
		},
		{
			title: 'Refused operations',
			description: 'By operation and errno.',
			unit: 'ops',
			queries: [[`sum by (operation, code) (${rate('kube_lvs_failures_total')})`, '{{operation}}: {{code}}']],
		},
		{
			title: 'Drift',
			description: 'What audits had to repair, because somebody else has changed it.',
			unit: 'ops',
			queries: [[`sum by (operation) (${rate('kube_lvs_drift_repaired_total')})`, '{{operation}}']],
		},
		{
			title: 'Contested',
			description: 'Operations that each of the last three audits of a node had to repeat.',
			unit: 'short',
			queries: top(`kube_lvs_contested{${NODES}} > 0`),
		},
	],
}

const KERNEL: Row = {
	title: 'Kernel and process',
	type: 'timeseries',
	panels: [
		{
			title: 'Virtual servers',
			description: 'On the node with most of them, and those of others, which kube-lvs leaves alone.',
			unit: 'short',
			queries: [
				[`max(kube_lvs_virtual_servers{${NODES}})`, 'of kube-lvs'],
				[`max(kube_lvs_foreign_virtual_servers{${NODES}})`, 'of others'],
			],
		},
		{
			title: 'Draining endpoints',
			description: 'They get no new connections and wait for the present ones to end.',
			unit: 'short',
			queries: top(`kube_lvs_draining_endpoints{${NODES}}`),
		},
		{
			title: 'Fill of sets',
			description: 'On the node where each is fullest; a full set is replaced by a larger one.',
			unit: 'percentunit',
			queries: [[`max by (set) (kube_lvs_set_fill_ratio{${NODES}})`, '{{set}}']],
		},
		{
			title: 'Features that kernels lack',
			description: 'Nodes without them. It matters only where Services ask for them.',
			unit: 'short',
			queries: [[`count by (feature) (kube_lvs_kernel_feature{${NODES}} == 0)`, '{{feature}}']],
		},
		{
			title: 'Versions of kube-lvs',
			description: 'Nodes with each.',
			unit: 'short',
			queries: [[`count by (version) (kube_lvs_build_info{${NODES}})`, '{{version}}']],
		},
		{
			title: 'CPU',
			description: 'Of the kube-lvs process; 1 is a core.',
			unit: 'short',
			queries: top(`${rate('process_cpu_seconds_total')} and ignoring (version) kube_lvs_build_info`),
		},
		{
			title: 'Memory',
			description: 'Resident, of the kube-lvs process.',
			unit: 'bytes',
			queries: top(`process_resident_memory_bytes{${NODES}} and ignoring (version) kube_lvs_build_info`),
		},
		{
			title: 'Lag of the event loop, p99',
			description: 'How long the kube-lvs process answers nothing.',
			unit: 's',
			queries: top(`nodejs_eventloop_lag_p99_seconds{${NODES}} and ignoring (version) kube_lvs_build_info`),
		},
	],
}

const SERVICES: Row = {
	title: 'Services',
	type: 'timeseries',
	panels: [
		{
			title: 'Services not served as written',
			description: 'On the node with most of them, by reason.',
			unit: 'short',
			queries: [[`max by (reason) (kube_lvs_services_with_problems{${NODES}})`, '{{reason}}']],
		},
		{
			title: 'Annotations not followed',
			description: 'On the node with most of them, by reason.',
			unit: 'short',
			queries: [[`max by (reason) (kube_lvs_ignored_annotations{${NODES}})`, '{{reason}}']],
		},
		{
			title: 'Services',
			description: 'That a node knows, on average.',
			unit: 'short',
			queries: [[`avg(kube_lvs_services{${NODES}})`, 'Services']],
		},
		{
			title: 'Service ports without endpoints of the node',
			description: 'With a policy for endpoints of the node, while other nodes have some.',
			unit: 'short',
			queries: [
				[
					`avg by (traffic_policy) (kube_lvs_service_ports_without_local_endpoints{${NODES}})`,
					'{{traffic_policy}}, on average',
				],
			],
		},
	],
}

const SERVICE = '{{service_namespace}}/{{service_name}}'

/** Of each Service, over its virtual servers and the nodes. */
const ofServices = (expression: string): string => `sum by (service_namespace, service_name) (${expression})`

const TRAFFIC: Row = {
	title: 'Traffic',
	type: 'timeseries',
	panels: [
		{
			title: 'New connections',
			description: 'Of all nodes.',
			unit: 'cps',
			queries: [[`sum(${rate('kube_lvs_connections_total')})`, 'connections']],
		},
		{
			title: 'New connections, by node',
			description: 'The nodes with most of them.',
			unit: 'cps',
			queries: top(rate('kube_lvs_connections_total')),
		},
		{
			title: 'Bytes',
			description: 'Of all nodes: from clients, and back to them as far as answers pass the node.',
			unit: 'Bps',
			queries: [
				[`sum(${rate('kube_lvs_incoming_bytes_total')})`, 'from clients'],
				[`sum(${rate('kube_lvs_outgoing_bytes_total')})`, 'to clients'],
			],
		},
		{
			title: 'New connections, by Service',
			description: 'The Services with most of them. Needs trafficMetrics: service.',
			unit: 'cps',
			queries: top(ofServices(rate('kube_lvs_service_connections_total')), SERVICE),
		},
		{
			title: 'Bytes from clients, by Service',
			description: 'The Services with most of them. Needs trafficMetrics: service.',
			unit: 'Bps',
			queries: top(ofServices(rate('kube_lvs_service_incoming_bytes_total')), SERVICE),
		},
		{
			title: 'Established connections, by Service',
			description: 'The Services with most of them. Needs trafficMetrics: endpoint.',
			unit: 'short',
			queries: top(ofServices(`kube_lvs_endpoint_active_connections{${NODES}}`), SERVICE),
		},
	],
}

const ROWS = [OVERVIEW, SYNCS, CHANGES, KERNEL, SERVICES, TRAFFIC]

const DATASOURCE = {type: 'prometheus', uid: '$datasource'}

/** Grafana's grid has 24 columns. */
const SIZES = {stat: {w: 4, h: 4}, timeseries: {w: 8, h: 8}} as const

/** The dashboard as Grafana imports it. */
export const renderDashboard = (): string => {
	const panels: object[] = []
	let y = 0
	for (const {title, type, panels: all} of ROWS) {
		panels.push({
			id: panels.length + 1,
			type: 'row',
			title,
			collapsed: false,
			panels: [],
			gridPos: {x: 0, y, w: 24, h: 1},
		})
		const {w, h} = SIZES[type]
		const perLine = 24 / w
		for (const [at, panel] of all.entries()) {
			const gridPos = {x: (at % perLine) * w, y: y + 1 + Math.floor(at / perLine) * h, w, h}
			panels.push({id: panels.length + 1, type, ...renderPanel(panel), gridPos})
		}
		y += 1 + Math.ceil(all.length / perLine) * h
	}
	return `${JSON.stringify({...FRAME, panels}, undefined, 2)}\n`
}

const renderPanel = ({title, description, unit, queries}: Panel): object => ({
	title,
	description,
	datasource: DATASOURCE,
	fieldConfig: {defaults: {unit, min: 0}, overrides: []},
	targets: queries.map(([expr, legendFormat], at) => ({
		refId: String.fromCharCode(65 + at),
		datasource: DATASOURCE,
		expr,
		legendFormat,
	})),
})

const FRAME = {
	uid: 'kube-lvs',
	title: 'kube-lvs',
	description: 'Service proxy for IPVS on the nodes of a cluster',
	tags: ['kube-lvs', 'kubernetes', 'networking'],
	schemaVersion: 39,
	version: 1,
	editable: true,
	graphTooltip: 1,
	timezone: '',
	refresh: '1m',
	time: {from: 'now-3h', to: 'now'},
	templating: {
		list: [
			{name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus'},
			{
				name: 'instance',
				label: 'Node',
				type: 'query',
				datasource: DATASOURCE,
				query: 'label_values(kube_lvs_build_info, instance)',
				refresh: 2,
				sort: 1,
				multi: true,
				includeAll: true,
				allValue: '.*',
				current: {text: ['All'], value: ['$__all']},
			},
		],
	},
}

if (import.meta.main) {
	writeFileSync(new URL('kube-lvs/dashboards/kube-lvs.json', import.meta.url), renderDashboard())
}
