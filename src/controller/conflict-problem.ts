import type {Problem} from '../model/problem.ts'
import type {Service} from '../model/service.ts'
import type {Conflict} from '../state/owner-index.ts'

/** Two Services ask for one virtual server; with `isOfNode` on this node alone. */
export const conflictProblem = (
	{namespace, name, uid}: Service,
	{server, holder}: Conflict,
	isOfNode: boolean,
): Problem => ({
	object: {kind: 'Service', namespace, name, uid},
	field: 'spec.ports',
	reason: 'AddressInUse',
	message: `${server} is served for the older Service ${holder}`,
	...(isOfNode ? {isOfNode} : {}),
})
