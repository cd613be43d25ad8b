import {parseDocument} from 'yaml'
import * as z from 'zod'
import {ConfigError} from '../parse.ts'
import {convertFields} from './convert.ts'

/** What kube-proxy's file says. */
export interface KubeProxyConfig {
	/** As they would stand in a configuration file of ours. */
	readonly fields: Readonly<Record<string, unknown>>
	/** What has no effect, a sentence each. */
	readonly notes: readonly string[]
}

const HEAD = z.object({
	apiVersion: z.literal('kubeproxy.config.k8s.io/v1alpha1'),
	kind: z.literal('KubeProxyConfiguration'),
})

/**
 * A KubeProxyConfiguration in YAML or JSON, as kube-proxy reads it: unknown fields and fields given twice are notes;
 * anything else that is wrong is a ConfigError with a line for each wrong field.
 */
export const readKubeProxyConfig = (text: string): KubeProxyConfig => {
	// kube-proxy reads YAML 1.1, where yes and on are true.
	const document = parseDocument(text, {version: '1.1'})
	const duplicates = document.errors.filter(({code}) => code === 'DUPLICATE_KEY')
	const broken = document.errors.find(({code}) => code !== 'DUPLICATE_KEY')
	if (broken) {
		throw new ConfigError(broken.message)
	}
	const content: unknown = document.toJS()
	const head = HEAD.safeParse(content)
	if (!head.success) {
		throw new ConfigError('expected apiVersion kubeproxy.config.k8s.io/v1alpha1 and kind KubeProxyConfiguration')
	}
	const {apiVersion: _apiVersion, kind: _kind, ...rest} = content as Readonly<Record<string, unknown>>
	const {fields, notes, errors} = convertFields(rest)
	if (errors.length > 0) {
		throw new ConfigError(errors.join('\n'))
	}
	const twice = duplicates.map(
		({linePos}) => `line ${linePos?.[0].line}: this field was given before; the last one counts`,
	)
	return {fields, notes: [...twice, ...notes]}
}
