import type {ApiObject} from './api-object.ts'

export type Predicate = (object: ApiObject) => boolean

/** `a`, `!a`, `a=b`, `a==b`, `a!=b`, `a in (b,c)`, `a notin (b,c)`, joined by commas. */
export const parseLabelSelector = (text: string): Predicate =>
	all(
		splitTerms(text).map(term => {
			const [, key = '', operator = '', list = ''] = /^(\S+)\s+(in|notin)\s*\((.*)\)$/.exec(term) ?? []
			if (operator) {
				const values = list.split(',').map(value => value.trim())
				return object => values.includes(labelOf(object, key) ?? '\0') === (operator === 'in')
			}
			return parseComparison(term, labelOf) ?? parseExistence(term)
		}),
	)

/** `metadata.name=a`, `spec.clusterIP!=None`, joined by commas. Throws for a term that is no comparison. */
export const parseFieldSelector = (text: string): Predicate =>
	all(
		splitTerms(text).map(term => {
			const predicate = parseComparison(term, fieldOf)
			if (!predicate) {
				throw new Error(`not a field selector: ${term}`)
			}
			return predicate
		}),
	)

const all =
	(predicates: readonly Predicate[]): Predicate =>
	object =>
		predicates.every(predicate => predicate(object))

/** At commas outside of parentheses. */
const splitTerms = (text: string): string[] =>
	text
		.split(/,(?![^(]*\))/)
		.map(term => term.trim())
		.filter(Boolean)

type Read = (object: ApiObject, key: string) => string | undefined

const parseComparison = (term: string, read: Read): Predicate | undefined => {
	const match = /^([^=!]+)(==|=|!=)(.*)$/.exec(term)
	if (!match) {
		return undefined
	}
	const [, key = '', operator = '', value = ''] = match
	return object => (read(object, key.trim()) === value.trim()) === (operator !== '!=')
}

const parseExistence = (term: string): Predicate =>
	term.startsWith('!')
		? object => labelOf(object, term.slice(1).trim()) === undefined
		: object => labelOf(object, term) !== undefined

const labelOf: Read = (object, key) => object.metadata.labels?.[key]

const fieldOf: Read = (object, path) => {
	let value: unknown = object
	for (const key of path.split('.')) {
		value = (value as Record<string, unknown> | undefined)?.[key]
	}
	return value === undefined ? '' : String(value)
}
