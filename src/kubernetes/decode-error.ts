import type {ObjectReference, Problem} from '../model/problem.ts'

/** An object that cannot be read as what it claims to be. `object` is known once the error leaves a projection. */
export class DecodeError extends Error {
	readonly field: string
	readonly object: ObjectReference | undefined

	constructor(field: string, message: string, object?: ObjectReference) {
		super(message)
		this.name = 'DecodeError'
		this.field = field
		this.object = object
	}
}

/** The whole object is skipped: what was known of it stays. */
export const decodeProblem = (error: DecodeError): Problem => ({
	object: error.object ?? {kind: '', namespace: '', name: '', uid: ''},
	field: error.field,
	reason: 'InvalidObject',
	message: `${error.message}; the object is ignored, its last good state stays in use`,
})
