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

/** Names of families as kube-proxy has them in labels. */
const LABELS = {ipv4: 'IPv4', ipv6: 'IPv6'} as const satisfies Record<Family, string>

/** Counts what happens. */
export const createMetricsObserver = (
	metrics: Metrics,
	families: readonly Family[],
	clock: Clock,
): Pick<Observer, 'synced' | 'problems' | 'garbled' | 'mended' | 'changed' | 'requested' | 'compiled'> => {
	const times = new ProgrammingTimes(clock.wall())
	const problems = new CountByOwner<Problem['reason']>((reason, count) => metrics.problems.set({reason}, count))
	const services = new CountByOwner<Problem['reason']>((reason, count) =>
		metrics.servicesWithProblems.set({reason}, count),
	)
	const noLocal = new CountByOwner<string>((key, count) => {
		const [ip_family = '', traffic_policy = ''] = key.split(' ')
		metrics.noLocalEndpoints.set({ip_family, traffic_policy}, count)
	})
	for (const family of families) {
		metrics.noLocalEndpoints.set({ip_family: LABELS[family], traffic_policy: 'internal'}, 0)
		metrics.noLocalEndpoints.set({ip_family: LABELS[family], traffic_policy: 'external'}, 0)
		metrics.restoreFailures.inc({ip_family: LABELS[family]}, 0)
		metrics.lastQueued.set({ip_family: LABELS[family]}, clock.wall() / 1000)
	}
	return {
		synced: report => {
			const failed = failedFamilies(report)
			const takenAt = report.takenAt ?? clock.now() - report.milliseconds
			countFailures(metrics, report)
			for (const family of families) {
				metrics.syncDuration.observe({ip_family: LABELS[family]}, report.milliseconds / 1000)
				if (!failed.has(family)) {
					metrics.lastSync.set({ip_family: LABELS[family]}, clock.wall() / 1000)
				}
			}
			for (const {family, seconds} of times.take(failed, takenAt, clock.wall())) {
				metrics.programming.observe({ip_family: LABELS[family]}, seconds)
			}
		},
		problems: (owner, found) => {
			const reasons = found.map(({reason}) => reason)
			problems.replace(owner, reasons)
			services.replace(owner, [...new Set(reasons)])
		},
		garbled: problem => problems.replace(formatProblem(problem), [problem.reason]),
		mended: problem => problems.replace(formatProblem(problem), []),
		changed: change => {
			countChange(metrics, change)
			times.add(change, clock.now())
		},
		requested: asked => {
			for (const family of asked) {
				metrics.lastQueued.set({ip_family: LABELS[family]}, clock.wall() / 1000)
			}
		},
		compiled: (service, state) => noLocal.replace(service, (state?.noLocalEndpoints ?? []).map(labelsOf)),
	}
}

const labelsOf = ({family, policy}: NoLocalEndpoints): string => `${LABELS[family]} ${policy}`

const countFailures = (metrics: Metrics, {failures}: SyncReport): void => {
	for (const {operation, error} of failures) {
		metrics.failures.inc({operation: operation.kind, code: codeOf(error)})
		if (operation.kind === 'restore-rules' || operation.kind === 'take-over-rules') {
			metrics.restoreFailures.inc({ip_family: LABELS[operation.ruleset.family]})
		}
	}
}

const countChange = (metrics: Metrics, {kind}: ObjectChange): void => {
	if (kind === 'Service') {
		metrics.serviceChanges.inc()
	} else if (kind === 'EndpointSlice') {
		metrics.endpointChanges.inc()
	}
}
