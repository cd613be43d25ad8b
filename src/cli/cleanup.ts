import type {Config} from '../config/fields.ts'
import {fixedState} from '../desired/fixed.ts'
import {applyPlan} from '../kernel/apply.ts'
import {readKernel} from '../kernel/kernel.ts'
import {putSettingsBack} from '../kernel/put-back.ts'
import {makeCleanupPlan} from '../plan/cleanup.ts'
import {Failure} from './failure.ts'
import {findRunning} from './find-running.ts'
import {withNode} from './with-node.ts'

/** Removes all that is ours from this node, and nothing else; puts kernel settings back that we have changed. */
export const cleanup = async (config: Config): Promise<number> => {
	const running = await findRunning(config)
	if (running) {
		throw new Failure(`kube-lvs runs on this node, as process ${running.pid}: stop it first`)
	}
	return withNode(config, {load: false}, async ({kernel, former}) => {
		const fixed = fixedState(config, [], kernel.facts)
		const actual = await readKernel(kernel, fixed.sysctls)
		const outcomes = await applyPlan(kernel, makeCleanupPlan(fixed, actual, config.excludeCIDRs))
		const settings = await putSettingsBack(kernel, former)
		const failures = [...outcomes.flatMap(({error}) => error?.message ?? []), ...settings.failures]
		if (failures.length > 0) {
			throw new Failure(`not everything could be removed or put back:\n${failures.map(line => `  ${line}`).join('\n')}`)
		}
		const done = `${outcomes.length} operations; what kube-lvs made is removed`
		process.stdout.write(`${done}, ${settings.count} kernel settings are as they were before.\n`)
		return 0
	})
}
