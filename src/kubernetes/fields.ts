import {DecodeError} from './decode-error.ts'

/** A JSON object and where it was found. Absent and null are the same to every reader, as in the Kubernetes API. */
export interface Fields {
	readonly path: string
	readonly values: Readonly<Record<string, unknown>>
}

const NOTHING: Readonly<Record<string, unknown>> = Object.freeze({})

/** `spec.ports[0]` + `port` -> `spec.ports[0].port`. */
export const pathOf = (fields: Fields, key: string): string => (fields.path ? `${fields.path}.${key}` : key)

export const readFields = (value: unknown, path: string): Fields => {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) {
		return fail(path, value, 'an object')
	}
	return {path, values: value as Record<string, unknown>}
}

/** An object without fields when it is absent. */
export const readChild = (fields: Fields, key: string): Fields => {
	const value = fields.values[key]
	return value === undefined || value === null
		? {path: pathOf(fields, key), values: NOTHING}
		: readFields(value, pathOf(fields, key))
}

/** Empty when it is absent. */
export const readList = (fields: Fields, key: string): readonly unknown[] => {
	const value = fields.values[key]
	if (value === undefined || value === null) {
		return []
	}
	return Array.isArray(value) ? value : fail(pathOf(fields, key), value, 'a list')
}

export const readChildren = (fields: Fields, key: string): Fields[] =>
	readList(fields, key).map((value, index) => readFields(value, `${pathOf(fields, key)}[${index}]`))

export const readTexts = (fields: Fields, key: string): string[] =>
	readList(fields, key).map((value, index) =>
		typeof value === 'string' ? value : fail(`${pathOf(fields, key)}[${index}]`, value, 'a string'),
	)

/** Empty when it is absent. */
export const readText = (fields: Fields, key: string): string => readOptionalText(fields, key) ?? ''

export const readOptionalText = (fields: Fields, key: string): string | undefined => {
	const value = fields.values[key]
	if (value === undefined || value === null) {
		return undefined
	}
	return typeof value === 'string' ? value : fail(pathOf(fields, key), value, 'a string')
}

export const readRequiredText = (fields: Fields, key: string): string => {
	const value = readText(fields, key)
	return value === '' ? fail(pathOf(fields, key), undefined, 'a string that is not empty') : value
}

export const readFlag = (fields: Fields, key: string): boolean | undefined => {
	const value = fields.values[key]
	if (value === undefined || value === null) {
		return undefined
	}
	return typeof value === 'boolean' ? value : fail(pathOf(fields, key), value, 'true or false')
}

export interface Range {
	readonly min: number
	readonly max: number
}
export const PORT_RANGE: Range = {min: 1, max: 65535}
export const PORT_OR_NONE_RANGE: Range = {min: 0, max: 65535}

export const readInteger = (fields: Fields, key: string, range: Range): number | undefined => {
	const value = fields.values[key]
	if (value === undefined || value === null) {
		return undefined
	}
	if (!Number.isInteger(value) || (value as number) < range.min || (value as number) > range.max) {
		return fail(pathOf(fields, key), value, `an integer from ${range.min} to ${range.max}`)
	}
	return value as number
}

const fail = (path: string, value: unknown, expected: string): never => {
	const found = value === undefined ? 'nothing' : abbreviate(JSON.stringify(value) ?? String(value))
	throw new DecodeError(path, `expected ${expected}, found ${found}`)
}

const abbreviate = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}...` : text)
