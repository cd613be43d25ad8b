import {APPLY_ORDER} from '../../plan/operation.ts'
import type {Metrics} from './metrics.ts'

/** Numbers that are 0 are told, too: what is absent can neither be added up nor raise an alarm. */
export const setToZero = (metrics: Metrics, families: readonly string[]): void => {
	for (const reason of ['InvalidAnnotation', 'UnknownAnnotation', 'AnnotationIgnored']) {
		metrics.ignoredAnnotations.set({reason}, 0)
	}
	// The first repair counts as well: the increase of a number that was not there before is none.
	for (const operation of APPLY_ORDER.filter(step => step !== 'lead-to-marks')) {
		metrics.driftFound.inc({operation}, 0)
		metrics.driftRepaired.inc({operation}, 0)
	}
	for (const kind of ['first', 'audit', 'change']) {
		metrics.syncDuration.zero({kind})
		metrics.syncsFailed.inc({kind}, 0)
	}
	for (const ip_family of families) {
		for (const traffic_policy of ['internal', 'external']) {
			metrics.noLocal.set({ip_family, traffic_policy}, 0)
			metrics.kubeProxyNoLocal.set({ip_family, traffic_policy}, 0)
		}
		metrics.latency.zero({ip_family})
		metrics.kubeProxyRestoreFailures.inc({ip_family}, 0)
	}
}
