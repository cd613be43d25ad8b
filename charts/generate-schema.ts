/** `node charts/generate-schema.ts`: writes the part of the chart's values.schema.json that says what `config` may hold. */
import {readFileSync, writeFileSync} from 'node:fs'
import * as z from 'zod'
import {CONFIG_SCHEMA, type ConfigField} from '../src/config/fields.ts'

const SCHEMA = new URL('kube-lvs/values.schema.json', import.meta.url)

/** What the pod says by itself, or the chart by values of its own. */
const NOT_IN_CONFIG: ReadonlySet<string> = new Set([
	'nodeName',
	'source',
	'kubeconfig',
	'apiServers',
	'runtimeDirectory',
] satisfies ConfigField[])

/** The schema as it should be, as text. */
export const renderSchema = (): string => {
	const schema = JSON.parse(readFileSync(SCHEMA, 'utf8'))
	schema.properties.config = configSchema()
	return `${JSON.stringify(schema, null, '\t')}\n`
}

const configSchema = (): object => {
	const {properties} = z.toJSONSchema(CONFIG_SCHEMA, {target: 'draft-7', io: 'input', unrepresentable: 'any'})
	const fields = Object.entries(properties ?? {}).map(([field, schema]) => [
		field,
		NOT_IN_CONFIG.has(field) ? false : withoutComments(schema),
	])
	return {type: 'object', additionalProperties: false, properties: Object.fromEntries(fields)}
}

const withoutComments = (schema: unknown): object => {
	const {default: _, description: _description, kind: _kind, ...rest} = schema as Readonly<Record<string, unknown>>
	return rest
}

if (import.meta.main) {
	writeFileSync(SCHEMA, renderSchema())
}
