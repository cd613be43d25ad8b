import {execa} from 'execa'
import type {ExecOptions, Process} from '../topology/topology.ts'

/** The command-line tools, with the kubeconfig of one cluster. */
export interface Tools {
	/** Resolves with what it prints; throws when it fails. */
	readonly run: (program: string, args: readonly string[], options?: ExecOptions) => Promise<string>
	readonly spawn: (program: string, args: readonly string[]) => Process
	/** What `kubectl ... --output json` prints. */
	readonly get: <T>(...args: readonly string[]) => Promise<T>
}

/** Those that are on the PATH. */
export const toolsFor = (kubeconfig: string): Tools => {
	const env = {KUBECONFIG: kubeconfig}
	const run: Tools['run'] = async (program, args, options = {}) => {
		const {stdout} = await execa(program, args, {
			stdin: options.input === undefined ? 'ignore' : 'pipe',
			...options,
			env,
		})
		return stdout
	}
	return {
		run,
		spawn: (program, args) => execa(program, args, {env, reject: false}) as Process,
		get: async (...args) => JSON.parse(await run('kubectl', ['get', ...args, '--output', 'json'])),
	}
}
