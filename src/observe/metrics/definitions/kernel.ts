import type {MetricTable} from '../definition.ts'

const OPERATION = {operation: 'kind of operation, such as `add-virtual-server`'} as const

const SET = {set: 'name, such as `KUBE-CLUSTER-IP`'} as const

/** What is done to the kernel, and what comes of it. */
export const KERNEL_METRICS = {
	operations: {
		name: 'kube_lvs_operations_total',
		type: 'counter',
		help: 'Operations on the kernel',
		unit: 'operations',
		labels: {...OPERATION, result: '`done`, `failed`, or `skipped` because what it stands on has failed'},
	},
	failures: {
		name: 'kube_lvs_failures_total',
		type: 'counter',
		help: 'Operations that the kernel refused, and those that were skipped because of them',
		unit: 'operations',
		labels: {
			...OPERATION,
			code: 'errno such as `ENOENT`, `EXIT 4` of a program, `SKIPPED`, or `LOST` without an answer',
		},
	},
	driftFound: {
		name: 'kube_lvs_drift_found_total',
		type: 'counter',
		help: 'Differences that audits have found between what is wanted and what the kernel holds, by the operation that mends it',
		unit: 'operations',
		labels: OPERATION,
	},
	driftRepaired: {
		name: 'kube_lvs_drift_repaired_total',
		type: 'counter',
		help: 'Differences of kube_lvs_drift_found_total that were mended',
		unit: 'operations',
		labels: OPERATION,
	},
	draining: {
		name: 'kube_lvs_draining_endpoints',
		type: 'gauge',
		help: 'Endpoints that get no new connections and wait for the present ones to end, now; once for each virtual server that they are part of',
		unit: 'real servers',
		labels: {},
	},
	virtualServers: {
		name: 'kube_lvs_virtual_servers',
		type: 'gauge',
		help: 'Virtual servers of ours in the kernel, now',
		unit: 'virtual servers',
		labels: {},
	},
	foreignVirtualServers: {
		name: 'kube_lvs_foreign_virtual_servers',
		type: 'gauge',
		help: 'Virtual servers of others in the kernel, which are never changed, as of the last audit',
		unit: 'virtual servers',
		labels: {},
	},
	setEntries: {
		name: 'kube_lvs_set_entries',
		type: 'gauge',
		help: 'Entries of a set, now',
		unit: 'entries',
		labels: SET,
	},
	setFill: {
		name: 'kube_lvs_set_fill_ratio',
		type: 'gauge',
		help: 'Entries of a set in proportion to the most that it can have; a full one is replaced by a larger one',
		unit: 'ratio',
		labels: SET,
	},
	features: {
		name: 'kube_lvs_kernel_feature',
		type: 'gauge',
		help: 'Whether this node has a feature that Services may ask for: 1, or 0. Schedulers and persistence engines are there once one was asked for',
		unit: '0 or 1',
		labels: {feature: 'such as `scheduler wrr`, `engine sip`, `tunnel gue`, `policy rules`'},
	},
	build: {
		name: 'kube_lvs_build_info',
		type: 'gauge',
		help: 'Always 1',
		unit: '1',
		labels: {version: 'of kube-lvs'},
	},
	contested: {
		name: 'kube_lvs_contested',
		type: 'gauge',
		help: 'Operations that each of the last three audits had to repeat: somebody undoes them',
		unit: 'operations',
		labels: {},
	},
	kubeProxyAlive: {
		name: 'kube_lvs_kube_proxy_alive',
		type: 'gauge',
		help: 'A kube-proxy answers on this node: 1, or 0',
		unit: '0 or 1',
		labels: {},
	},
} as const satisfies MetricTable
