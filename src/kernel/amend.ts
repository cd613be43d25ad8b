import {constants} from 'node:os'
import type {Operation} from '../plan/operation.ts'

/** Applies operations of one subsystem; the results are in their order. */
export type Apply<Result> = (run: readonly Operation[]) => Promise<readonly Result[]>

/**
 * As `apply`, but virtual and real servers that were to be added and are there get the settings that were asked for:
 * somebody else has put them there since the kernel was read, or in a form that does not decode.
 */
export const applyAndAmend = async <Result>(
	apply: Apply<Result>,
	run: readonly Operation[],
): Promise<readonly Result[]> => {
	const results = await apply(run)
	// As nearly always.
	if (!results.some(isThere)) {
		return results
	}
	const changes = run.map((operation, at) => (isThere(results[at]) ? asChange(operation) : undefined))
	const amended = (await apply(changes.filter(change => change !== undefined))).values()
	return results.map((result, at) => (changes[at] ? (amended.next().value ?? result) : result))
}

const isThere = (result: unknown): boolean => result === constants.errno.EEXIST

const asChange = (operation: Operation): Operation | undefined => {
	switch (operation.kind) {
		case 'add-virtual-server':
			return {...operation, kind: 'update-virtual-server'}
		case 'add-real-server':
			return {...operation, kind: 'update-real-server'}
		default:
			return undefined
	}
}
