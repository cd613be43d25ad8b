import {type Problem, serviceReference} from '../model/problem.ts'
import type {Service} from '../model/service.ts'
import type {Conflict} from '../state/owner-index.ts'

/** Two Services ask for one virtual server; with `isOfNode` on this node alone. */
export const conflictProblem = (service: Service, {server, holder}: Conflict, isOfNode: boolean): Problem => ({
	object: serviceReference(service),
	field: 'spec.ports',
	reason: 'AddressInUse',
	message: `${server} is served for the older Service ${holder}`,
	...(isOfNode ? {isOfNode} : {}),
})
