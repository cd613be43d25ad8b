import type {MetricTable} from './definition.ts'
import {KERNEL_METRICS} from './definitions/kernel.ts'
import {PROBLEM_METRICS} from './definitions/problems.ts'
import {SYNC_METRICS} from './definitions/sync.ts'
import {READING_METRICS} from './definitions/traffic.ts'

/** All of our own that are kept up; those of traffic are rendered as they are read. */
export const METRICS = {
	...SYNC_METRICS,
	...KERNEL_METRICS,
	...PROBLEM_METRICS,
	...READING_METRICS,
} as const satisfies MetricTable
