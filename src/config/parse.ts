import {parseDocument} from 'yaml'
import type {z} from 'zod'
import {prefixFamily} from '../net/prefix.ts'
import {CONFIG_SCHEMA, type Config} from './fields.ts'

/** The configuration is wrong; the message names every field that is, a line each. */
export class ConfigError extends Error {
	override readonly name = 'ConfigError'
}

type Fields = Readonly<Record<string, unknown>>

/**
 * The configuration from the text of its file (empty for none), from flags, which win over it, and from fields that
 * both win over. An unknown field, a wrong
 * type or value is a ConfigError that reports all of them together.
 */
export const parseConfig = (text: string, flags: Fields = {}, inherited: Fields = {}): Config => {
	const document = parseDocument(text)
	const broken = document.errors[0]
	if (broken) {
		throw new ConfigError(`configuration file: ${broken.message}`)
	}
	const fields: unknown = document.toJS() ?? {}
	if (typeof fields !== 'object' || Array.isArray(fields)) {
		throw new ConfigError('configuration file: expected fields, such as `scheduler: rr`')
	}
	const result = CONFIG_SCHEMA.safeParse(withFamilyDefaults(merge(inherited, {...fields, ...flags})))
	if (!result.success) {
		throw new ConfigError(result.error.issues.map(formatIssue).join('\n'))
	}
	return checkTogether(result.data)
}

/** A source of objects stands instead of an inherited one. */
const merge = (inherited: Fields, own: Fields): Fields =>
	own.source ? {...inherited, kubeconfig: '', ...own} : {...inherited, ...own}

/** A bindAddress of IPv6 asks for servers on IPv6. */
const withFamilyDefaults = (fields: Fields): Fields =>
	String(fields.bindAddress).includes(':')
		? {healthzBindAddress: '[::]:10256', metricsBindAddress: '[::1]:10249', ...fields}
		: fields

/** The configuration is flat: a path is a field, perhaps with a place in its list. */
const formatIssue = (issue: z.core.$ZodIssue): string => {
	const path = issue.path.map(step => (typeof step === 'number' ? `[${step}]` : String(step))).join('')
	return issue.code === 'unrecognized_keys'
		? issue.keys.map(key => `${key}: there is no such field`).join('\n')
		: `${path}: ${issue.message}`
}

const hasTwoOfAFamily = (networks: Config['clusterCIDR']): boolean =>
	new Set(networks.map(prefixFamily)).size < networks.length

/** Rules that span several fields. */
const checkTogether = (config: Config): Config => {
	const wrong: string[] = []
	if (config.detectLocalMode === 'BridgeInterface' && !config.bridgeInterface) {
		wrong.push('bridgeInterface: needed by detectLocalMode BridgeInterface')
	}
	if (config.detectLocalMode === 'InterfaceNamePrefix' && !config.interfaceNamePrefix) {
		wrong.push('interfaceNamePrefix: needed by detectLocalMode InterfaceNamePrefix')
	}
	// A rule matches one network: pods of a second one would be masqueraded without a word.
	if (config.detectLocalMode === 'ClusterCIDR' && hasTwoOfAFamily(config.clusterCIDR)) {
		wrong.push('clusterCIDR: expected one network, or one of each family')
	}
	if (config.detectLocalMode === 'ClusterCIDR' && config.clusterCIDR.some(({length}) => length === 0)) {
		wrong.push('clusterCIDR: expected the network of the pods; where that is every address, leave it out')
	}
	for (const [field, isGiven] of [
		['kubeconfig', config.kubeconfig !== ''],
		['apiServers', config.apiServers.length > 0],
	] as const) {
		if (config.source && isGiven) {
			wrong.push(`source: either source or ${field}, not both`)
		}
	}
	if (wrong.length > 0) {
		throw new ConfigError(wrong.join('\n'))
	}
	return config
}
