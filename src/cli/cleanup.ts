import type {Config} from '../config/fields.ts'
import {fixedState, NO_NETWORKS} from '../desired/fixed.ts'
import {applyPlan} from '../kernel/apply.ts'
import {readKernel} from '../kernel/kernel.ts'
import {putSettingsBack} from '../kernel/put-back.ts'
import {FAMILIES} from '../net/address.ts'
import {findKubeProxy, nameLiveKubeProxy} from '../observe/find-kube-proxy.ts'
import {removeJournal} from '../observe/journal/journal-file.ts'
import {makeCleanupPlan} from '../plan/cleanup.ts'
import {Failure} from './failure.ts'
import {findRunning} from './find-running.ts'
import type {OpenNode} from './open-node.ts'
import {type OutputFormat, print} from './output.ts'
import {withNode} from './with-node.ts'

/** Removes all that is ours from this node, and nothing else; puts kernel settings back that we have changed. */
export const cleanup = async (config: Config, format: OutputFormat): Promise<number> => {
	const running = await findRunning(config)
	if (running) {
		throw new Failure(`kube-lvs runs on this node, as process ${running.pid}: stop it first`)
	}
	const kubeProxy = await findKubeProxy()
	if (kubeProxy) {
		throw new Failure(`${nameLiveKubeProxy(kubeProxy)}: cleanup would take away what it works with; stop it first`)
	}
	return withNode(config, {load: false}, async node => {
		const {operations, settings, failures} = await cleanNode(node, config)
		if (failures.length > 0) {
			throw new Failure(`not everything could be removed or put back:\n${failures.map(line => `  ${line}`).join('\n')}`)
		}
		await removeJournal(config.runtimeDirectory)
		print(format, {operations, settings}, () => [
			`${operations} operations; what kube-lvs made is removed, ${settings} kernel settings are as they were before.`,
		])
		return 0
	})
}

/** How many operations were applied and settings put back; with failures, a line each, it may be tried again. */
export interface Cleaned {
	readonly operations: number
	readonly settings: number
	readonly failures: readonly string[]
}

export const cleanNode = async ({kernel, former}: OpenNode, config: Config): Promise<Cleaned> => {
	// Of both families, whichever work just now: a set that is still named by rules cannot go, and that is said.
	const fixed = fixedState(config, NO_NETWORKS, {...kernel.facts, families: FAMILIES})
	const actual = await readKernel(kernel, fixed.sysctls)
	const outcomes = await applyPlan(kernel, makeCleanupPlan(fixed, actual))
	const {count, failures} = await putSettingsBack(kernel, former)
	return {
		operations: outcomes.length,
		settings: count,
		failures: [...outcomes.flatMap(({error}) => error?.message ?? []), ...failures],
	}
}
