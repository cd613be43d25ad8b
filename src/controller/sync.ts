import type {Config} from '../config/fields.ts'
import {applyPlan, type Outcome} from '../kernel/apply.ts'
import {type Kernel, readKernel} from '../kernel/kernel.ts'
import {drainingAmong} from '../plan/ipvs.ts'
import {Mirror} from '../plan/mirror.ts'
import {makePlan} from '../plan/plan.ts'
import type {VirtualServerKey} from '../state/ipvs.ts'
import type {Scope, WantedState} from '../state/node-state.ts'

/** One sync: what is wanted, what is there, what to do about it, what came of it. */
export const sync = async (
	kernel: Kernel,
	{scope, wanted, mirror}: SyncInput,
	config: Config,
): Promise<readonly Outcome[]> => {
	const plan = makePlan(scope, wanted, mirror, config.vipBinding)
	const outcomes = await applyPlan(kernel, plan)
	for (const {operation, error} of outcomes) {
		if (!error) {
			mirror.record(operation)
		}
	}
	return outcomes
}

export interface SyncInput {
	readonly scope: Scope
	readonly wanted: WantedState
	/** What the kernel holds as far as we know; it is brought up to date. */
	readonly mirror: Mirror
}

/**
 * Looks at the connections of draining real servers and lets go of those that have none left. The result names the
 * virtual servers where some are still draining.
 */
export const finishDrains = async (
	kernel: Kernel,
	draining: ReadonlySet<VirtualServerKey>,
	{wanted, mirror}: Omit<SyncInput, 'scope'>,
	config: Config,
): Promise<{readonly outcomes: readonly Outcome[]; readonly draining: ReadonlySet<VirtualServerKey>}> => {
	const servers = [...draining].flatMap(key => mirror.virtualServers.get(key)?.server ?? [])
	mirror.counters = await kernel.ipvs.readCounters(servers)
	const scope = {virtualServers: draining, vips: new Set<never>(), members: new Map()}
	const outcomes = await sync(kernel, {scope, wanted, mirror}, config)
	return {outcomes, draining: drainingAmong(draining, wanted, mirror)}
}

/** What the kernel really holds. */
export const readMirror = async (kernel: Kernel, wanted: WantedState): Promise<Mirror> =>
	new Mirror(await readKernel(kernel, wanted.fixed.sysctls))
