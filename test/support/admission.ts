import type {CelInput} from '@bufbuild/cel'
import type {AdmissionPolicy} from '../../src/annotations/policy.ts'
import {evaluate} from './cel.ts'

/** A Kubernetes object as JSON. */
export type Json = Readonly<Record<string, unknown>>

/**
 * What the API server answers to a request that creates the object, or changes the old one into it: a message for each
 * validation that is not met. Throws where an expression has an error, or is not of its type.
 */
export const admit = (policy: AdmissionPolicy, object: Json, old?: Json): readonly string[] => {
	const {matchConditions, variables, validations} = policy.spec
	const bindings = {object: toCel(object), oldObject: old ? toCel(old) : null}
	if (!matchConditions.every(({expression}) => toBoolean(expression, bindings))) {
		return []
	}
	const known = new Map<string, CelInput>()
	for (const {name, expression} of variables) {
		known.set(name, evaluate(expression, {...bindings, variables: known}) as CelInput)
	}
	const scope = {...bindings, variables: known}
	return validations
		.filter(({expression}) => !toBoolean(expression, scope))
		.map(({message, messageExpression}) => shown(evaluate(messageExpression, scope), message))
}

/** A message with a line break, or of more than 5 KiB, gives way to the fixed one (staging/src/k8s.io/apiserver). */
const shown = (message: unknown, fallback: string): string => {
	if (typeof message !== 'string') {
		throw new TypeError('a message is a text')
	}
	return message.includes('\n') || Buffer.byteLength(message) > 5120 ? fallback : message.trim()
}

const toBoolean = (expression: string, bindings: Readonly<Record<string, CelInput>>): boolean => {
	const value = evaluate(expression, bindings)
	if (typeof value !== 'boolean') {
		throw new TypeError(`${expression}: not a condition`)
	}
	return value
}

const toCel = (value: unknown): CelInput => {
	if (Array.isArray(value)) {
		return value.map(toCel)
	}
	return typeof value === 'object' && value !== null
		? new Map(Object.entries(value).map(([key, inner]) => [key, toCel(inner)]))
		: (value as CelInput)
}
