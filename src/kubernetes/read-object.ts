import {isNamespaced, type ObjectKind} from '../model/object.ts'
import type {ObjectReference, Problem, ProblemReason} from '../model/problem.ts'
import {DecodeError} from './decode-error.ts'
import {type Fields, readChild, readFields, readRequiredText, readText} from './fields.ts'
import {intern} from './intern.ts'

/** One object while it is read. */
export interface Reading {
	readonly root: Fields
	readonly metadata: Fields
	/** Empty where the kind has none. */
	readonly namespace: string
	readonly name: string
	readonly uid: string
	/** Notes a single value that is skipped. */
	readonly skip: (field: string, reason: ProblemReason, message: string) => void
	/** What was skipped so far. */
	readonly problems: () => readonly Problem[]
}

/** Runs `read` on an object with its name checked. Whatever the JSON is, nothing but a DecodeError naming it is thrown. */
export const readObject = <T>(kind: ObjectKind, json: unknown, read: (reading: Reading) => T): T => {
	try {
		return read(startReading(kind, json))
	} catch (error) {
		if (error instanceof DecodeError) {
			throw new DecodeError(error.field, error.message, guessReference(kind, json))
		}
		throw error
	}
}

const startReading = (kind: ObjectKind, json: unknown): Reading => {
	const root = readFields(json, '')
	const metadata = readChild(root, 'metadata')
	const name = readRequiredText(metadata, 'name')
	const namespace = isNamespaced(kind) ? intern(readRequiredText(metadata, 'namespace')) : ''
	const uid = readText(metadata, 'uid')
	let problems: Problem[] | undefined
	return {
		root,
		metadata,
		namespace,
		name,
		uid,
		skip: (field, reason, message) => {
			problems ??= []
			problems.push({object: {kind, namespace, name, uid}, field, reason, message})
		},
		problems: () => problems ?? NO_PROBLEMS,
	}
}

const NO_PROBLEMS: readonly Problem[] = []

/** As much of a reference as can be made out of an object that does not decode. */
const guessReference = (kind: ObjectKind, json: unknown): ObjectReference => {
	const metadata = (json as {metadata?: Record<string, unknown>} | null | undefined)?.metadata
	const text = (key: string): string => {
		const value = metadata?.[key]
		return typeof value === 'string' ? value : ''
	}
	return {kind, namespace: isNamespaced(kind) ? text('namespace') : '', name: text('name'), uid: text('uid')}
}
