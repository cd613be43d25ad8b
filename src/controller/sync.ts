import {joinLists} from '../compact.ts'
import type {Config} from '../config/fields.ts'
import {applyPlan, type Outcome} from '../kernel/apply.ts'
import type {Dependencies} from '../kernel/dependencies.ts'
import {type Kernel, readKernel} from '../kernel/kernel.ts'
import {drainingAmong, type Progress} from '../plan/ipvs.ts'
import {keptBy, lingeringAmong, scopeOfKept} from '../plan/lingering.ts'
import {Mirror} from '../plan/mirror.ts'
import type {Operation} from '../plan/operation.ts'
import {coming, lettingGo, makePlan} from '../plan/plan.ts'
import type {FlowFilter} from '../state/conntrack.ts'
import type {VirtualServerKey} from '../state/ipvs.ts'
import type {Scope, WantedState} from '../state/node-state.ts'
import type {Stopwatch} from './stopwatch.ts'

export interface SyncInput {
	readonly scope: Scope
	/** `coming`: the scope is part of a whole, and what goes has to wait until all other parts had their turn. */
	readonly part: 'coming' | 'all'
	/** What has failed in this sync, in this part of it or another. */
	readonly dependencies: Dependencies
	readonly wanted: WantedState
	/** What the kernel holds as far as we know; it is brought up to date. */
	readonly mirror: Mirror
	/** Virtual servers where something drains. */
	readonly draining: ReadonlySet<VirtualServerKey>
	/** The present weights of real servers that start slowly. */
	readonly ramping: Progress['ramping']
	/** Flows that could not be deleted before. */
	readonly owed: readonly FlowFilter[]
	/** Flows that may have been forgotten: nothing is said of them as long as it goes well. */
	readonly forgotten: readonly FlowFilter[]
	readonly stopwatch: Stopwatch
}

export interface DrainInput extends Pick<SyncInput, 'wanted' | 'mirror' | 'draining' | 'ramping'> {
	/** Real servers (`drainKey`) that have drained for long enough. */
	readonly expired: ReadonlySet<string>
}

export interface SyncResult {
	readonly outcomes: readonly Outcome[]
	/** Something is left that goes, or drains. */
	readonly isLeft: boolean
}

/** One sync: what is wanted, what is there, what to do about it, what came of it. */
export const sync = async (
	kernel: Kernel,
	{scope, part, dependencies, wanted, mirror, draining, ramping, owed, forgotten, stopwatch}: SyncInput,
	{vipBinding: binding}: Config,
): Promise<SyncResult> => {
	const progress = {binding, draining, ramping, expired: new Set<string>()}
	const whole = await stopwatch.time('plan', () => makePlan(scope, wanted, mirror, progress))
	const plan = part === 'all' ? whole : coming(whole)
	const isLeft = plan.length < whole.length || drainingAmong(scope.virtualServers, wanted, mirror).size > 0
	const untried = plan.filter(operation => !dependencies.hasFailed(operation))
	const precautions: ReadonlySet<Operation> = new Set(forgotten.map(deleteFlows))
	const all = joinLists([untried, owed.map(deleteFlows), [...precautions]])
	const outcomes = await stopwatch.time('apply', () => carryOut(kernel, all, mirror, dependencies))
	mirror.virtualServers.share(scope.virtualServers, wanted)
	const worthTelling = ({operation, error}: Outcome) => error || !precautions.has(operation)
	return {outcomes: precautions.size > 0 ? outcomes.filter(worthTelling) : outcomes, isLeft}
}

const carryOut = async (
	kernel: Kernel,
	plan: readonly Operation[],
	mirror: Mirror,
	dependencies?: Dependencies,
): Promise<readonly Outcome[]> => {
	const outcomes = await applyPlan(kernel, plan, dependencies)
	for (const {operation, error} of outcomes) {
		if (!error) {
			mirror.record(operation)
		}
	}
	return outcomes
}

const deleteFlows = (flow: FlowFilter): Operation => ({kind: 'delete-flows', flow})

/**
 * Looks at the connections of draining real servers and lets go of those that have none left, or have drained for long
 * enough; and of whatever only they still needed. The result names the virtual servers where some are still draining.
 */
export const finishDrains = async (
	kernel: Kernel,
	looked: ReadonlySet<VirtualServerKey>,
	{wanted, mirror, draining, ramping, expired}: DrainInput,
	{vipBinding: binding}: Config,
): Promise<{readonly outcomes: readonly Outcome[]; readonly draining: ReadonlySet<VirtualServerKey>}> => {
	const servers = [...looked].flatMap(key => mirror.virtualServers.get(key)?.server ?? [])
	mirror.counters = await kernel.ipvs.readCounters(servers)
	const kept = keptBy(lingeringAmong(looked, wanted, mirror, []), wanted, mirror, [])
	const scope = {virtualServers: looked, ...scopeOfKept(kept, wanted.fixed, mirror)}
	const plan = makePlan(scope, wanted, mirror, {binding, draining, ramping, expired})
	const outcomes = await carryOut(kernel, lettingGo(plan), mirror)
	return {outcomes, draining: drainingAmong(looked, wanted, mirror)}
}

/** What the kernel really holds. */
export const readMirror = async (kernel: Kernel, wanted: WantedState): Promise<Mirror> =>
	new Mirror(await readKernel(kernel, wanted.fixed.sysctls))

/** Flows that are still to be deleted. */
export const failedFlows = (outcomes: readonly Outcome[]): readonly FlowFilter[] =>
	outcomes.flatMap(({operation, error}) => (error && operation.kind === 'delete-flows' ? [operation.flow] : []))

/** Nobody knows how much of it the kernel has done. */
export const isInDoubt = ({operation, error}: Outcome): boolean =>
	error !== undefined && (error.code === 'LOST' || ('missing' in operation && error.code !== 'SKIPPED'))
