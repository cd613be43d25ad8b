import type {Family} from '../../net/address.ts'
import {FOUNDATION} from '../../plan/operation.ts'
import {familiesOf} from '../../plan/operation-families.ts'
import type {SyncReport} from '../observer.ts'

/** Codes that tell of this process or of the way to the kernel, not of one object. */
const SYSTEMIC = new Set(['EPERM', 'EACCES', 'LOST'])

/**
 * The families in which a sync did not do its work: what everything stands on failed (device, sets, rules), or the
 * kernel does not let us. An object that the kernel refuses for itself, such as one with a scheduler that is missing,
 * is said and tried again, but the node serves all others: one Service must not take it away from its load balancers.
 */
export const failedFamilies = ({failures}: Pick<SyncReport, 'failures'>): ReadonlySet<Family> =>
	new Set(
		failures.flatMap(({operation, error}) =>
			FOUNDATION.has(operation.kind) || SYSTEMIC.has(codeOf(error)) ? familiesOf(operation) : [],
		),
	)

/** Of a kernel error. */
export const codeOf = (error: unknown): string =>
	error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'UNKNOWN'
