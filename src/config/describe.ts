import * as z from 'zod'
import {CONFIG_SCHEMA, type ConfigField} from './fields.ts'

/** A setting as people write it, for the help of the commands and the documentation. */
export interface Setting {
	readonly field: ConfigField
	/** Of JSON Schema: string, boolean, integer or array. */
	readonly type: string
	/** The form of its values, in words. */
	readonly kind: string
	/** As it would stand in the file; empty for none. */
	readonly byDefault: string
	readonly description: string
}

interface FieldSchema {
	readonly type: string
	readonly kind?: string
	readonly description?: string
	readonly default?: unknown
	readonly enum?: readonly string[]
	readonly minimum?: number
	readonly maximum?: number
}

/** All settings, in the order of the table; what marks the file (apiVersion, kind) is none. */
export const describeSettings = (): readonly Setting[] => SETTINGS

const kindOf = (schema: FieldSchema): string => {
	const {type, kind, enum: choices, minimum, maximum = Number.MAX_SAFE_INTEGER} = schema
	if (kind) {
		return kind
	}
	if (choices) {
		return choices.map(choice => `\`${choice}\``).join(', ')
	}
	if (type === 'integer') {
		return maximum === Number.MAX_SAFE_INTEGER ? `integer, ${minimum} or more` : `integer, ${minimum} to ${maximum}`
	}
	return type === 'string' ? 'text' : type
}

const {properties} = z.toJSONSchema(CONFIG_SCHEMA, {io: 'input', unrepresentable: 'any'})
const SETTINGS: readonly Setting[] = (Object.entries(properties ?? {}) as [ConfigField, FieldSchema][])
	.filter(([field]) => field !== 'apiVersion' && field !== 'kind')
	.map(([field, schema]) => ({
		field,
		type: schema.type,
		kind: kindOf(schema),
		byDefault: String(schema.default ?? ''),
		description: schema.description ?? '',
	}))
