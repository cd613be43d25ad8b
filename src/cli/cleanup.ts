import type {Config} from '../config/fields.ts'
import {fixedState} from '../desired/fixed.ts'
import {applyPlan} from '../kernel/apply.ts'
import {readKernel} from '../kernel/kernel.ts'
import {makeCleanupPlan} from '../plan/cleanup.ts'
import {Failure} from './failure.ts'
import {findRunning} from './find-running.ts'
import {withNode} from './with-node.ts'

/** Removes all that is ours from this node, and nothing else. */
export const cleanup = async (config: Config): Promise<number> => {
	const running = await findRunning(config)
	if (running) {
		throw new Failure(`kube-lvs runs on this node, as process ${running.pid}: stop it first`)
	}
	return withNode({load: false}, async kernel => {
		const fixed = fixedState(config, [], kernel.facts)
		const actual = await readKernel(kernel, fixed.sysctls)
		const outcomes = await applyPlan(kernel, makeCleanupPlan(fixed, actual, config.excludeCIDRs))
		const failures = outcomes.flatMap(({error}) => error?.message ?? [])
		if (failures.length > 0) {
			throw new Failure(`not everything could be removed:\n${failures.map(line => `  ${line}`).join('\n')}`)
		}
		const done = `${outcomes.length} operations; what kube-lvs made is removed. Kernel settings stay as they are.`
		process.stdout.write(`${done}\n`)
		return 0
	})
}
