import {readFile} from 'node:fs/promises'
import {hostname} from 'node:os'
import type {Command} from 'commander'
import type {Config} from '../config/fields.ts'
import {type KubeProxyConfig, readKubeProxyConfig} from '../config/kube-proxy/read.ts'
import {ConfigError, parseConfig} from '../config/parse.ts'
import {Failure} from './failure.ts'
import {flagsOf} from './flags.ts'
import type {ConfigFile} from './watch-config.ts'

export interface LoadedConfig {
	readonly config: Config
	/** What of kube-proxy's file has no effect. */
	readonly notes: readonly string[]
	/** The files that it comes from. */
	readonly files: readonly ConfigFile[]
}

/** The configuration of a command: flags, which win over its file, which wins over kube-proxy's. */
export const loadConfig = async (command: Command): Promise<LoadedConfig> => {
	const [own, kubeProxys] = await Promise.all([readOption(command, 'config'), readOption(command, 'kubeProxyConfig')])
	const {fields, notes} = kubeProxys ? naming(kubeProxys, readKubeProxyConfig) : NO_CONFIG
	const config = asFailure(() => parseConfig(own?.text ?? '', flagsOf(command), fields))
	return {
		config: {...config, nodeName: (config.nodeName || hostname()).trim().toLowerCase()},
		notes: notes.map(note => `kube-proxy's configuration: ${note}`),
		files: [own, kubeProxys].filter(file => file !== undefined),
	}
}

const NO_CONFIG: KubeProxyConfig = {fields: {}, notes: []}

const readOption = async (command: Command, option: string): Promise<ConfigFile | undefined> => {
	const path: string | undefined = command.getOptionValue(option)
	if (!path) {
		return undefined
	}
	const text = await readFile(path, 'utf8').catch(error => {
		throw new Failure(`${path}: ${error.message}`)
	})
	return {path, text}
}

/** Errors of a file that is not ours say which it is. */
const naming = <Result>({path, text}: ConfigFile, read: (text: string) => Result): Result =>
	asFailure(
		() => read(text),
		message => `${path}:\n${message}`,
	)

const asFailure = <Result>(parse: () => Result, format = (message: string) => message): Result => {
	try {
		return parse()
	} catch (error) {
		throw error instanceof ConfigError ? new Failure(format(error.message)) : error
	}
}
