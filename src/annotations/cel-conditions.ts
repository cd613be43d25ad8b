import {annotationName, type ServiceSettings} from './fields.ts'

/** Conditions in CEL about `variables.annotations`, the annotations of a Service. */
export const isPresent = (setting: keyof ServiceSettings): string =>
	`'${annotationName(setting)}' in variables.annotations`

/** Of an annotation that is there. */
export const textOf = (setting: string): string => `variables.annotations['${annotationName(setting)}']`

export const whenPresent = (setting: keyof ServiceSettings, condition: string): string =>
	`!(${isPresent(setting)}) || (${condition})`

export const isOneOf = (setting: keyof ServiceSettings, values: readonly string[]): string =>
	`(${isPresent(setting)} && ${textOf(setting)} in [${values.map(value => `'${value}'`).join(', ')}])`
