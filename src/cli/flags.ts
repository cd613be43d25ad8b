import {type Command, Option} from 'commander'
import {parse} from 'yaml'
import {describeSettings, type Setting} from '../config/describe.ts'
import type {ConfigField} from '../config/fields.ts'

/** `clusterCIDR` is `--cluster-cidr`; a plural s belongs to its abbreviation. */
export const flagName = (field: ConfigField): string =>
	field
		.replace(/([a-z])([A-Z])/g, '$1-$2')
		.replace(/([A-Z])(?=[A-Z][a-z])(?!.s(?![a-z]))/g, '$1-')
		.toLowerCase()

/** Every field of the configuration as a flag, and the files they win over. */
export const addConfigFlags = (command: Command): Command => {
	// Apart from those of the command alone, which stand at the end, where a terminal shows them.
	command
		.optionsGroup('Configuration, which is that of `run`:')
		.option('--config <file>', 'configuration file (apiVersion: kube-lvs.io/v1alpha1)')
		.option('--kube-proxy-config <file>', 'KubeProxyConfiguration, which the configuration file and flags win over')
	for (const setting of describeSettings()) {
		const {field, type, description, byDefault} = setting
		const placeholder = type === 'boolean' ? '[boolean]' : '<value>'
		const text = `${description} (default: ${byDefault || 'none'})`
		command.addOption(new Option(`--${flagName(field)} ${placeholder}`, text).argParser(toValue(setting)))
	}
	return command.optionsGroup('Options:')
}

/** The fields that were given as flags, as they would stand in the file. */
export const flagsOf = (command: Command): Readonly<Record<string, unknown>> => {
	const flags: Record<string, unknown> = {}
	for (const {field} of describeSettings()) {
		const value = command.getOptionValue(new Option(`--${flagName(field)} <value>`).attributeName())
		if (value !== undefined) {
			flags[field] = value
		}
	}
	return flags
}

/** Lists are written with commas; numbers and booleans as in YAML. */
const toValue =
	({type}: Setting) =>
	(text: string): unknown => {
		if (type === 'array') {
			return text.split(',').filter(Boolean)
		}
		return type === 'string' ? text : readScalar(text)
	}

/** What is no YAML is no number and no boolean either: whoever judges the field says so. */
const readScalar = (text: string): unknown => {
	try {
		return parse(text)
	} catch {
		return text
	}
}
