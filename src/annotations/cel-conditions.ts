import {annotationName, type ServiceSettings} from './fields.ts'

/** Conditions in CEL about `annotations`, the annotations of a Service. */
export const isPresent = (setting: keyof ServiceSettings): string => `'${annotationName(setting)}' in annotations`

export const textOf = (setting: keyof ServiceSettings): string => `annotations['${annotationName(setting)}']`

export const whenPresent = (setting: keyof ServiceSettings, condition: string): string =>
	`!(${isPresent(setting)}) || (${condition})`

export const isOneOf = (setting: keyof ServiceSettings, values: readonly string[]): string =>
	`(${isPresent(setting)} && ${textOf(setting)} in [${values.map(value => `'${value}'`).join(', ')}])`
