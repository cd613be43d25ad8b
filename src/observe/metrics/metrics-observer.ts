import type {Clock} from '../../clock.ts'
import type {ObjectChange} from '../../model/object.ts'
import {formatProblem, type Problem} from '../../model/problem.ts'
import type {Family} from '../../net/address.ts'
import type {NoLocalEndpoints} from '../../state/service-state.ts'
import {codeOf, failedFamilies} from '../health/failed-families.ts'
import type {Observer, SyncReport} from '../observer.ts'
import {CountByOwner} from './count-by-owner.ts'
import type {Metrics} from './metrics.ts'
import {ProgrammingTimes} from './programming-times.ts'
import {setToZero} from './zero.ts'

/** Names of families as kube-proxy has them in labels. */
const LABELS = {ipv4: 'IPv4', ipv6: 'IPv6'} as const satisfies Record<Family, string>

/** Counts what happens. */
export const createMetricsObserver = (
	metrics: Metrics,
	families: readonly Family[],
	clock: Clock,
): Omit<Observer, 'located' | 'applied'> => {
	const times = new ProgrammingTimes(clock.wall())
	setToZero(metrics, families.map(labelOf))
	const tellRequest = (family: Family) => {
		metrics.lastRequest.set({ip_family: LABELS[family]}, clock.wall() / 1000)
		metrics.kubeProxyLastQueued.set({ip_family: LABELS[family]}, clock.wall() / 1000)
	}
	families.forEach(tellRequest)
	return {
		synced: report => {
			const failed = failedFamilies(report)
			const takenAt = report.takenAt ?? clock.now() - report.milliseconds
			countOperations(metrics, report)
			const seconds = observeDurations(metrics, report)
			for (const family of families) {
				const labels = {ip_family: LABELS[family]}
				metrics.kubeProxySyncDuration.observe(labels, seconds)
				if (!failed.has(family)) {
					metrics.lastSuccess.set(labels, clock.wall() / 1000)
					metrics.kubeProxyLastSync.set(labels, clock.wall() / 1000)
				}
			}
			for (const {family, seconds: latency} of times.take(failed, takenAt, clock.wall())) {
				metrics.latency.observe({ip_family: LABELS[family]}, latency)
				metrics.kubeProxyProgramming.observe({ip_family: LABELS[family]}, latency)
			}
		},
		failed: kind => metrics.syncsFailed.inc({kind}),
		changed: change => {
			countChange(metrics, change)
			times.add(change, clock.now())
		},
		requested: asked => asked.forEach(tellRequest),
		...countStanding(metrics),
	}
}

/** What stands until it is said to be otherwise. */
const countStanding = (metrics: Metrics): Pick<Observer, 'problems' | 'garbled' | 'mended' | 'compiled'> => {
	const problems = new CountByOwner<Problem['reason']>((reason, count) => {
		metrics.problems.set({reason}, count)
		if (ANNOTATION_REASONS.has(reason)) {
			metrics.ignoredAnnotations.set({reason}, count)
		}
	})
	const services = new CountByOwner<Problem['reason']>((reason, count) =>
		metrics.servicesWithProblems.set({reason}, count),
	)
	const noLocal = new CountByOwner<string>((key, count) => {
		const [ip_family = '', traffic_policy = ''] = key.split(' ')
		metrics.noLocal.set({ip_family, traffic_policy}, count)
		metrics.kubeProxyNoLocal.set({ip_family, traffic_policy}, count)
	})
	return {
		problems: (owner, found) => {
			const reasons = found.map(({reason}) => reason)
			problems.replace(owner, reasons)
			services.replace(owner, [...new Set(reasons)])
		},
		garbled: problem => problems.replace(formatProblem(problem), [problem.reason]),
		mended: problem => problems.replace(formatProblem(problem), []),
		compiled: (service, state) => noLocal.replace(service, (state?.noLocalEndpoints ?? []).map(labelsOf)),
	}
}

const ANNOTATION_REASONS: ReadonlySet<Problem['reason']> = new Set([
	'InvalidAnnotation',
	'UnknownAnnotation',
	'AnnotationIgnored',
])

const labelOf = (family: Family): string => LABELS[family]

const labelsOf = ({family, policy}: NoLocalEndpoints): string => `${LABELS[family]} ${policy}`

/** Seconds of the whole sync: what it takes in was compiled before it began. */
const observeDurations = (metrics: Metrics, {kind, milliseconds, stages = new Map()}: SyncReport): number => {
	const seconds = (milliseconds + (stages.get('compile') ?? 0)) / 1000
	metrics.syncDuration.observe({kind}, seconds)
	for (const [stage, spent] of stages) {
		metrics.stageDuration.observe({kind, stage}, spent / 1000)
	}
	return seconds
}

const countOperations = (metrics: Metrics, {done, failures, differences = new Map()}: SyncReport): void => {
	for (const [operation, count] of done) {
		metrics.operations.inc({operation, result: 'done'}, count)
	}
	for (const [operation, {found, done}] of differences) {
		metrics.driftFound.inc({operation}, found)
		metrics.driftRepaired.inc({operation}, done)
	}
	for (const {operation, error} of failures) {
		const code = codeOf(error)
		metrics.operations.inc({operation: operation.kind, result: code === 'SKIPPED' ? 'skipped' : 'failed'})
		metrics.failures.inc({operation: operation.kind, code})
		if (operation.kind === 'restore-rules' || operation.kind === 'take-over-rules') {
			metrics.kubeProxyRestoreFailures.inc({ip_family: LABELS[operation.ruleset.family]})
		}
	}
}

const countChange = (metrics: Metrics, {kind}: ObjectChange): void => {
	metrics.objectChanges.inc({kind})
	if (kind === 'Service') {
		metrics.kubeProxyServiceChanges.inc()
	} else if (kind === 'EndpointSlice') {
		metrics.kubeProxyEndpointChanges.inc()
	}
}
