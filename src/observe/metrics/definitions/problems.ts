import type {MetricTable} from '../definition.ts'

const REASON = {reason: '[reason](health.md#what-cannot-be-served-as-written) of the problem'} as const

/** What cannot be served as written, and answers to probes. */
export const PROBLEM_METRICS = {
	problems: {
		name: 'kube_lvs_problems',
		type: 'gauge',
		help: 'Values of Services that are not served as asked, now',
		unit: 'values',
		labels: REASON,
	},
	servicesWithProblems: {
		name: 'kube_lvs_services_with_problems',
		type: 'gauge',
		help: 'Services with at least one value that is not served as asked, now',
		unit: 'Services',
		labels: REASON,
	},
	ignoredAnnotations: {
		name: 'kube_lvs_ignored_annotations',
		type: 'gauge',
		help: 'Annotations that are not followed, now',
		unit: 'annotations',
		labels: {reason: '`InvalidAnnotation`, `UnknownAnnotation` or `AnnotationIgnored`'},
	},
	healthAnswers: {
		name: 'kube_lvs_health_answers_total',
		type: 'counter',
		help: 'Answers of the health server',
		unit: 'answers',
		labels: {path: '`/healthz`, `/livez` or `/readyz`', code: 'status of HTTP, 200 or 503'},
	},
} as const satisfies MetricTable
