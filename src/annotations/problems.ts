import type {ObjectReference, Problem, ProblemReason} from '../model/problem.ts'

/** A problem with one annotation of an object. */
export const annotationProblem = (
	object: ObjectReference,
	annotation: string,
	reason: ProblemReason,
	message: string,
): Problem => ({object, field: `metadata.annotations[${annotation}]`, reason, message})

/** Names the annotation, the value and what is allowed. */
export const invalidValue = (object: ObjectReference, annotation: string, text: string, allowed: string): Problem =>
	annotationProblem(
		object,
		annotation,
		'InvalidAnnotation',
		`${quote(text)} is not allowed: expected ${allowed}; the default stands`,
	)

/** The value in a message; an annotation may have 256 KiB. */
export const quote = (text: string): string => JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}...` : text)
