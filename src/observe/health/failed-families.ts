import {FAMILIES, type Family, familyOf} from '../../net/address.ts'
import {FOUNDATION, type Operation} from '../../plan/operation.ts'
import {SET_DEFINITIONS} from '../../state/ipset.ts'
import {listenFamily} from '../../state/ipvs.ts'
import type {SyncReport} from '../observer.ts'

/** Codes that tell of this process or of the way to the kernel, not of one object. */
const SYSTEMIC = new Set(['EPERM', 'EACCES', 'LOST'])

/**
 * The families in which a sync did not do its work: what everything stands on failed (device, sets, rules), or the
 * kernel does not let us. An object that the kernel refuses for itself, such as one with a scheduler that is missing,
 * is said and tried again, but the node serves all others: one Service must not take it away from its load balancers.
 */
export const failedFamilies = ({outcomes}: Pick<SyncReport, 'outcomes'>): ReadonlySet<Family> =>
	new Set(
		outcomes.flatMap(({operation, error}) =>
			error && (FOUNDATION.has(operation.kind) || SYSTEMIC.has(codeOf(error))) ? familiesOf(operation) : [],
		),
	)

/** Of a kernel error. */
export const codeOf = (error: unknown): string =>
	error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'UNKNOWN'

/** The families that an operation is for. */
const familiesOf = (operation: Operation): readonly Family[] => {
	switch (operation.kind) {
		case 'create-set':
		case 'replace-set':
		case 'add-set-entry':
		case 'delete-set-entry':
			return [operation.definition.family]
		case 'restore-rules':
		case 'remove-rules':
			return [operation.ruleset.family]
		case 'add-virtual-server':
		case 'update-virtual-server':
		case 'delete-virtual-server':
		case 'add-real-server':
		case 'update-real-server':
		case 'drain-real-server':
		case 'delete-real-server':
			return [listenFamily(operation.server.listen)]
		case 'bind-vip':
		case 'unbind-vip':
			return [familyOf(operation.address)]
		case 'delete-flows':
			return [familyOf(operation.flow.vip)]
		case 'destroy-set':
			return [SET_DEFINITIONS.get(operation.name)?.family ?? 'ipv4']
		default:
			return FAMILIES
	}
}
