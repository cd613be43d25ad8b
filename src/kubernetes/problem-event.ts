import {OBJECT_KINDS} from '../model/object.ts'
import {formatProblem, type Problem} from '../model/problem.ts'
import type {ClusterEvent} from './render-event.ts'

/** A problem as an Event; undefined where it is about no object of the API: a file, a folder, one without a name. */
export const problemEvent = (problem: Problem): ClusterEvent | undefined => {
	const {object, reason} = problem
	if (object.name === '' || !OBJECT_KINDS.some(kind => kind === object.kind)) {
		return undefined
	}
	return {object, type: 'Warning', reason, action: 'Serve', note: formatProblem(problem)}
}
