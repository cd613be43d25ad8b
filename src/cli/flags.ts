import {type Command, Option} from 'commander'
import {parse} from 'yaml'
import {CONFIG_SCHEMA, type ConfigField, DEFAULT_CONFIG} from '../config/fields.ts'

const NO_FLAGS: ReadonlySet<string> = new Set(['apiVersion', 'kind'])
const FIELDS = (Object.keys(CONFIG_SCHEMA.shape) as ConfigField[]).filter(field => !NO_FLAGS.has(field))

/** `clusterCIDR` is `--cluster-cidr`. */
export const flagName = (field: ConfigField): string => field.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase()

/** Every field of the configuration as a flag, and the file they win over. */
export const addConfigFlags = (command: Command): Command => {
	command.option('--config <file>', 'configuration file (apiVersion: kube-lvs.io/v1alpha1)')
	for (const field of FIELDS) {
		const shape = CONFIG_SCHEMA.shape[field]
		const placeholder = typeof DEFAULT_CONFIG[field] === 'boolean' ? '[boolean]' : '<value>'
		const text = `${shape.description ?? ''} (default: ${formatDefault(shape.parse(undefined), field)})`
		command.addOption(new Option(`--${flagName(field)} ${placeholder}`, text).argParser(toValue(field)))
	}
	return command
}

/** The fields that were given as flags, as they would stand in the file. */
export const flagsOf = (command: Command): Readonly<Record<string, unknown>> => {
	const flags: Record<string, unknown> = {}
	for (const field of FIELDS) {
		const value = command.getOptionValue(new Option(`--${flagName(field)} <value>`).attributeName())
		if (value !== undefined) {
			flags[field] = value
		}
	}
	return flags
}

/** Lists are written with commas; numbers and booleans as in YAML. */
const toValue =
	(field: ConfigField) =>
	(text: string): unknown => {
		const byDefault: unknown = DEFAULT_CONFIG[field]
		if (Array.isArray(byDefault)) {
			return text.split(',').filter(Boolean)
		}
		return typeof byDefault === 'string' ? text : parse(text)
	}

const formatDefault = (value: unknown, field: ConfigField): string => {
	if (typeof value === 'number' && field.endsWith('Interval')) {
		return value % 1000 === 0 ? `${value / 1000}s` : `${value}ms`
	}
	return Array.isArray(value) ? 'none' : String(value) || 'none'
}
