/** What an alert has to make of some time series. */
export interface Case {
	readonly alert: string
	/** Ends the sentence that begins with the name of the alert. */
	readonly name: string
	/**
	 * Values of time series, a minute between two, as promtool writes them: `0+3x10` is 0, 3, 6 ... 30, `_` is none. All
	 * are of one node unless they say otherwise.
	 */
	readonly series: Readonly<Record<string, string>>
	/** When it is evaluated; the first values are of time 0. */
	readonly at: string
	/**
	 * Its description, and its labels besides name, severity and those of the scrape; an empty one is not there. Nothing
	 * when it must not fire.
	 */
	readonly fires?: {readonly labels?: Readonly<Record<string, string>>; readonly description: string}
}

/** Labels that come from the scrape. */
export const TARGET = {
	job: 'kube-system/kube-lvs',
	instance: '192.0.2.7:10249',
	node: 'n7',
	pod: 'kube-lvs-x7',
} as const

const NODE = `job="${TARGET.job}",instance="${TARGET.instance}",node="${TARGET.node}",pod="${TARGET.pod}"`

/** Of the node, with more labels. */
const of = (metric: string, labels = ''): string => `${metric}{${[NODE, labels].filter(Boolean).join()}}`

const IPV4 = 'ip_family="IPv4"'

const REQUEST = 'kube_lvs_last_sync_request_timestamp_seconds'
const SUCCESS = 'kube_lvs_last_successful_sync_timestamp_seconds'

/** At least one that fires and one that does not, for each alert. */
export const CASES: readonly Case[] = [
	{
		alert: 'KubeLvsMetricsAbsent',
		name: 'fires when nothing of kube-lvs is known',
		series: {'up{job="node"}': '1x20'},
		at: '16m',
		fires: {
			labels: {job: '', instance: '', node: '', pod: ''},
			description:
				'Prometheus knows no metric of kube-lvs. It does not run, or the scrape configuration has lost it; no other alert of kube-lvs can fire.',
		},
	},
	{
		alert: 'KubeLvsMetricsAbsent',
		name: 'does not fire while one node is scraped',
		series: {[of('kube_lvs_build_info', 'version="1"')]: '1x20'},
		at: '16m',
	},
	{
		alert: 'KubeLvsDown',
		name: 'fires when a node is not scraped for long',
		series: {[of('up')]: '1x4 0x20'},
		at: '16m',
		fires: {
			description:
				'The kube-lvs at n7 has not answered Prometheus for 10 minutes. Its node goes on with what the kernel holds; changes do not arrive.',
		},
	},
	{
		alert: 'KubeLvsDown',
		name: 'names the address where the scrape does not say the node',
		series: {'up{job="kube-lvs-metrics",instance="192.0.2.8:10249"}': '0x20'},
		at: '16m',
		fires: {
			labels: {job: 'kube-lvs-metrics', instance: '192.0.2.8:10249', node: '', pod: ''},
			description:
				'The kube-lvs at 192.0.2.8:10249 has not answered Prometheus for 10 minutes. Its node goes on with what the kernel holds; changes do not arrive.',
		},
	},
	{alert: 'KubeLvsDown', name: 'does not fire during a restart', series: {[of('up')]: '1x10 0x3 1x10'}, at: '14m'},
	{
		alert: 'KubeLvsDown',
		name: 'does not fire for other programs',
		series: {'up{job="node-exporter",instance="192.0.2.7:9100"}': '0x20'},
		at: '16m',
	},
	{
		alert: 'KubeLvsRestarting',
		name: 'fires when the process is started again and again',
		series: {[of('process_start_time_seconds')]: '0+600x60', [of('kube_lvs_contested')]: '0x60'},
		at: '4m',
		fires: {description: 'The kube-lvs at n7 was started 4 times in the last hour.'},
	},
	{
		alert: 'KubeLvsRestarting',
		name: 'does not fire for two starts, nor for another program',
		series: {
			[of('process_start_time_seconds')]: '0x20 600x20 1200x20',
			[of('kube_lvs_contested')]: '0x60',
			'process_start_time_seconds{job="other"}': '0+600x60',
		},
		at: '60m',
	},
	{
		alert: 'KubeLvsFirstSyncMissing',
		name: 'fires when there is no successful sync after a start',
		series: {[of(REQUEST, IPV4)]: '0x20'},
		at: '6m',
		fires: {
			labels: {ip_family: 'IPv4'},
			description: 'The kube-lvs at n7 has not brought any Service of IPv4 to its node since it started.',
		},
	},
	{
		alert: 'KubeLvsFirstSyncMissing',
		name: 'does not fire when the first sync comes in time',
		series: {[of(REQUEST, IPV4)]: '0x20', [of(SUCCESS, IPV4)]: '_x3 180x20'},
		at: '6m',
	},
	{
		alert: 'KubeLvsSyncStale',
		name: 'fires when changes wait and no sync succeeds',
		series: {[of(REQUEST, IPV4)]: '0+60x20', [of(SUCCESS, IPV4)]: '60x20'},
		at: '10m',
		fires: {
			labels: {ip_family: 'IPv4'},
			description:
				'Changes of IPv4 wait at n7, whose last successful sync was 9m 0s ago. It sends traffic to endpoints that may be gone.',
		},
	},
	{
		alert: 'KubeLvsSyncStale',
		name: 'does not fire where nothing changes',
		series: {[of(REQUEST, IPV4)]: '30x20', [of(SUCCESS, IPV4)]: '60x20'},
		at: '10m',
	},
	{
		alert: 'KubeLvsSyncStale',
		name: 'does not fire while syncs follow the changes',
		series: {[of(REQUEST, IPV4)]: '50+60x20', [of(SUCCESS, IPV4)]: '0+60x20'},
		at: '10m',
	},
	{
		alert: 'KubeLvsSyncFailing',
		name: 'fires when syncs go on to fail',
		series: {
			[of('kube_lvs_sync_failures_total', 'kind="audit"')]: '0+1x40',
			[of('kube_lvs_sync_failures_total', 'kind="change"')]: '0+1x40',
		},
		at: '30m',
		fires: {
			description: 'Syncs at n7 have been failing as a whole for 15 minutes, 20 in the last 10.',
		},
	},
	{
		alert: 'KubeLvsSyncFailing',
		name: 'does not fire when one has failed',
		series: {[of('kube_lvs_sync_failures_total', 'kind="audit"')]: '0x10 1x40'},
		at: '19m',
	},
	{
		alert: 'KubeLvsOperationsFailing',
		name: 'fires when the kernel goes on to refuse something',
		series: {[of('kube_lvs_failures_total', 'operation="add-virtual-server",code="ENOENT"')]: '0+2x40'},
		at: '30m',
		fires: {
			labels: {operation: 'add-virtual-server'},
			description: 'The operation add-virtual-server at n7 has been failing for 20 minutes; 20 failed in the last 10.',
		},
	},
	{
		alert: 'KubeLvsOperationsFailing',
		name: 'does not fire when a retry has succeeded',
		series: {[of('kube_lvs_failures_total', 'operation="restore-rules",code="EXIT 4"')]: '0x5 1+1x2 4x40'},
		at: '25m',
	},
	{
		alert: 'KubeLvsNotReady',
		name: 'fires when probes fail for long',
		series: {
			[of('kube_lvs_health_answers_total', 'path="/readyz",code="503"')]: '0+6x20',
			[of('kube_lvs_health_answers_total', 'path="/livez",code="200"')]: '0+6x20',
		},
		at: '15m',
		fires: {
			description:
				'Probes of the kube-lvs at n7 have been failing for 10 minutes. Load balancers may have turned away from its node.',
		},
	},
	{
		alert: 'KubeLvsNotReady',
		name: 'does not fire for a start, nor for a node that is about to go',
		series: {
			[of('kube_lvs_health_answers_total', 'path="/readyz",code="503"')]: '0+6x2 12x20',
			[of('kube_lvs_health_answers_total', 'path="/healthz",code="503"')]: '0+6x30',
		},
		at: '15m',
	},
	{
		alert: 'KubeLvsWatchStale',
		name: 'fires when nothing is heard of one kind of object',
		series: {
			[of('kube_lvs_watch_age_seconds', 'kind="Service"')]: '0+60x20',
			[of('kube_lvs_watch_age_seconds', 'kind="Node"')]: '30x20',
		},
		at: '12m',
		fires: {
			labels: {kind: 'Service'},
			description:
				'At n7, nothing has been heard of objects of kind Service for 12m 0s. Changes of them do not reach the node.',
		},
	},
	{
		alert: 'KubeLvsWatchStale',
		name: 'does not fire when the API server is back soon',
		series: {[of('kube_lvs_watch_age_seconds', 'kind="Service"')]: '0+60x8 0+30x12'},
		at: '12m',
	},
	{
		alert: 'KubeLvsNetworkProgrammingSlow',
		name: 'fires when 2 of 100 changes take 15 to 20 seconds',
		series: latency({'10': '0+98x40', '15': '0+98x40', '20': '0+100x40', '+Inf': '0+100x40'}),
		at: '30m',
		fires: {description: '1 of 100 changes of endpoints takes 17.5s or longer until n7 serves it.'},
	},
	{
		alert: 'KubeLvsNetworkProgrammingSlow',
		name: 'does not fire when 1 of 200 is late, nor where nothing changes',
		series: latency({'10': '0+199x20 3980x20', '20': '0+200x20 4000x20', '+Inf': '0+200x20 4000x20'}),
		at: '30m',
	},
	{
		alert: 'KubeLvsContested',
		name: 'fires when audits repeat their repairs',
		series: {[of('kube_lvs_contested')]: '3x20'},
		at: '10m',
		fires: {
			description: 'At n7, 3 things have to be repaired at every audit, because somebody changes them in between.',
		},
	},
	{
		alert: 'KubeLvsContested',
		name: 'does not fire when it ends soon',
		series: {[of('kube_lvs_contested')]: '0x5 3x3 0x20'},
		at: '10m',
	},
	{
		alert: 'KubeLvsDrift',
		name: 'fires when something is repaired in each of two hours',
		series: {[of('kube_lvs_drift_repaired_total', 'operation="restore-rules"')]: '0x30 2x60 6x60'},
		at: '115m',
		fires: {
			description: 'Audits at n7 had to repair 4 things in the last hour, and some in the hour before.',
		},
	},
	{
		alert: 'KubeLvsDrift',
		name: 'does not fire for one repair, nor for what the kernel refuses again and again',
		series: {
			[of('kube_lvs_drift_repaired_total', 'operation="restore-rules"')]: '0x80 40x60',
			[of('kube_lvs_drift_found_total', 'operation="add-virtual-server"')]: '0+2x140',
		},
		at: '115m',
	},
	{
		alert: 'KubeLvsKubeProxyAlive',
		name: 'fires when a kube-proxy stays',
		series: {[of('kube_lvs_kube_proxy_alive')]: '1x20'},
		at: '11m',
		fires: {
			description:
				"A kube-proxy answers on the node n7. The two work on the same things and undo each other's changes.",
		},
	},
	{
		alert: 'KubeLvsKubeProxyAlive',
		name: 'does not fire during a move from one to the other',
		series: {[of('kube_lvs_kube_proxy_alive')]: '1x5 0x20'},
		at: '11m',
	},
	{
		alert: 'KubeLvsForeignVirtualServers',
		name: 'fires when they stay',
		series: {[of('kube_lvs_foreign_virtual_servers')]: '2x80'},
		at: '61m',
		fires: {description: '2 virtual servers at n7 are not those of kube-lvs, which leaves them alone.'},
	},
	{
		alert: 'KubeLvsForeignVirtualServers',
		name: 'does not fire when they go within the hour, nor for our own',
		series: {[of('kube_lvs_foreign_virtual_servers')]: '2x40 0x40', [of('kube_lvs_virtual_servers')]: '900x80'},
		at: '61m',
	},
	{
		alert: 'KubeLvsSetFull',
		name: 'fires when a set stays full',
		series: {[of('kube_lvs_set_fill_ratio', 'set="KUBE-CLUSTER-IP"')]: '0.99x5 1x20'},
		at: '21m',
		fires: {
			labels: {set: 'KUBE-CLUSTER-IP'},
			description:
				'The set KUBE-CLUSTER-IP at n7 is full, and no larger one has taken its place. What does not fit in is not served.',
		},
	},
	{
		alert: 'KubeLvsSetFull',
		name: 'does not fire for a set that has some room, nor for one that grows',
		series: {
			[of('kube_lvs_set_fill_ratio', 'set="KUBE-CLUSTER-IP"')]: '0.999x30',
			[of('kube_lvs_set_fill_ratio', 'set="KUBE-LOAD-BALANCER"')]: '1x10 0.5x20',
		},
		at: '21m',
	},
	{
		alert: 'KubeLvsKernelFeatureLacking',
		name: 'fires when Services ask for a scheduler that is not there',
		series: {
			[of('kube_lvs_kernel_feature', 'feature="scheduler mh"')]: '0x20',
			[of('kube_lvs_kernel_feature', 'feature="scheduler wrr"')]: '1x20',
			[of('kube_lvs_kernel_feature', 'feature="tunnel gue"')]: '0x20',
			[of('kube_lvs_services_with_problems', 'reason="AnnotationIgnored"')]: '3x20',
		},
		at: '16m',
		fires: {
			labels: {feature: 'scheduler mh'},
			description: 'The kernel at n7 has no scheduler mh. Services that ask for it are served otherwise there.',
		},
	},
	{
		alert: 'KubeLvsKernelFeatureLacking',
		name: 'does not fire when no Service asks for it any more, here',
		series: {
			[of('kube_lvs_kernel_feature', 'feature="scheduler mh"')]: '0x20',
			[of('kube_lvs_services_with_problems', 'reason="AnnotationIgnored"')]: '3x5 0x15',
			'kube_lvs_services_with_problems{job="kube-system/kube-lvs",instance="192.0.2.8:10249",reason="AnnotationIgnored"}':
				'3x20',
		},
		at: '16m',
	},
	{
		alert: 'KubeLvsOpenLoadBalancer',
		name: 'fires once for all nodes',
		series: {
			[of('kube_lvs_services_with_problems', 'reason="OpenLoadBalancer"')]: '1x20',
			'kube_lvs_services_with_problems{job="kube-system/kube-lvs",instance="192.0.2.8:10249",reason="OpenLoadBalancer"}':
				'1x20',
		},
		at: '11m',
		fires: {
			labels: {reason: 'OpenLoadBalancer', instance: '', node: '', pod: ''},
			description:
				'The source ranges of 1 Services are of one IP family only; their load-balancer addresses of the other family are open to all.',
		},
	},
	{
		alert: 'KubeLvsOpenLoadBalancer',
		name: 'does not fire for other reasons',
		series: {
			[of('kube_lvs_services_with_problems', 'reason="OpenLoadBalancer"')]: '0x20',
			[of('kube_lvs_services_with_problems', 'reason="AddressInUse"')]: '1x20',
		},
		at: '11m',
	},
	{
		alert: 'KubeLvsServicesNotServedAsWritten',
		name: 'fires when part of a Service is not served for long',
		series: {[of('kube_lvs_services_with_problems', 'reason="AddressInUse"')]: '2x60'},
		at: '31m',
		fires: {
			labels: {reason: 'AddressInUse', instance: '', node: '', pod: ''},
			description:
				'Up to 2 Services on a node have a value that is not served as written, for the reason AddressInUse.',
		},
	},
	{
		alert: 'KubeLvsServicesNotServedAsWritten',
		name: 'does not fire for what has alerts of its own, nor when it is mended soon',
		series: {
			[of('kube_lvs_services_with_problems', 'reason="AddressInUse"')]: '2x20 0x40',
			[of('kube_lvs_services_with_problems', 'reason="OpenLoadBalancer"')]: '2x60',
			[of('kube_lvs_services_with_problems', 'reason="UnknownAnnotation"')]: '2x60',
		},
		at: '31m',
	},
	{
		alert: 'KubeLvsAnnotationsIgnored',
		name: 'fires when an annotation is not followed',
		series: {[of('kube_lvs_ignored_annotations', 'reason="UnknownAnnotation"')]: '1x60'},
		at: '31m',
		fires: {
			labels: {reason: 'UnknownAnnotation', instance: '', node: '', pod: ''},
			description:
				'Up to 1 annotations under kube-lvs.io are not followed on a node, for the reason UnknownAnnotation.',
		},
	},
	{
		alert: 'KubeLvsAnnotationsIgnored',
		name: 'does not fire when all are',
		series: {[of('kube_lvs_ignored_annotations', 'reason="UnknownAnnotation"')]: '0x60'},
		at: '31m',
	},
]

/** Counts of a histogram's buckets by their upper bounds. */
function latency(buckets: Readonly<Record<string, string>>): Case['series'] {
	const metric = 'kube_lvs_network_programming_duration_seconds_bucket'
	return Object.fromEntries(
		Object.entries(buckets).map(([bound, values]) => [of(metric, `${IPV4},le="${bound}"`), values]),
	)
}
