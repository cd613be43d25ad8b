import {joinLists} from '../compact.ts'
import type {BindingMode} from '../state/addresses.ts'
import {GrowingScope} from '../state/growing-scope.ts'
import type {VirtualServerKey} from '../state/ipvs.ts'
import type {ActualState, Scope, WantedState} from '../state/node-state.ts'
import {planDevice, planVips} from './addresses.ts'
import {planFlows} from './conntrack.ts'
import {planMembers, planSets} from './ipset.ts'
import {planRules} from './iptables.ts'
import {type Progress, planVirtualServers} from './ipvs.ts'
import {planLeftovers} from './leftovers.ts'
import {isHeldUp, keptBy, lingeringAmong, reachOfMarks, whatMayWait, witnessedBy} from './lingering.ts'
import {APPLY_ORDER, FOUNDATION, type Operation, type OperationKind, type Step, stepOf} from './operation.ts'
import {familiesOf} from './operation-families.ts'
import {planSteering} from './steering.ts'
import {planSysctls} from './sysctl.ts'

/** What bears on a plan besides what is wanted and what is there. */
export interface PlanOptions extends Progress {
	readonly binding: BindingMode
	/**
	 * Virtual servers known to have draining real servers, in the scope or not: those of marks, and those that are not wanted
	 * any more.
	 */
	readonly draining: ReadonlySet<VirtualServerKey>
}

/** The operations that lead from `actual` to `wanted` within the scope, in the order in which to apply them. */
export const makePlan = (
	scope: Scope,
	wanted: WantedState,
	actual: ActualState,
	{binding, draining, ...progress}: PlanOptions,
): readonly Operation[] => {
	const sets = planSets(wanted, actual)
	const servers = planVirtualServers(scope.virtualServers, wanted, actual, progress)
	const {members, vips} = withMarks(scope, draining, wanted, actual)
	const reach = [...planMembers(members, wanted, actual, sets), ...planVips(vips, wanted, actual, binding)]
	const mayLinger = [...scope.virtualServers, ...draining, ...witnessedBy(reach, wanted, actual)]
	const lingering = lingeringAmong(mayLinger, wanted, actual, servers)
	const kept = whatMayWait(keptBy(lingering, wanted, actual, reach), wanted, actual)
	const all = joinLists([
		planSysctls(wanted, actual),
		planDevice(actual),
		sets,
		planRules(wanted, actual, sets),
		servers,
		planSteering(wanted, actual, lingering),
		reach.filter(operation => !isHeldUp(operation, kept)),
		planFlows(servers, wanted, actual),
		planLeftovers(wanted, actual),
	])
	return inOrder(all)
}

/** What leads to marks where something drains is looked at as well. */
const withMarks = (
	scope: Scope,
	draining: PlanOptions['draining'],
	wanted: WantedState,
	actual: ActualState,
): Omit<Scope, 'virtualServers'> => {
	const marks = [...draining].filter(key => actual.virtualServers.get(key)?.server.listen.kind === 'firewall-mark')
	if (marks.length === 0) {
		return scope
	}
	const all = new GrowingScope()
	all.addAll(scope)
	all.addAll({virtualServers: NOTHING, ...reachOfMarks(marks, wanted, actual)})
	return all
}

const NOTHING: ReadonlySet<VirtualServerKey> = new Set()

/**
 * Of a plan, what lets go of that which has drained. What all stands on is not tried once more, and where it does not
 * stand, nothing goes.
 */
export const lettingGo = (plan: readonly Operation[]): readonly Operation[] => {
	const unfounded = new Set(plan.flatMap(operation => (FOUNDATION.has(operation.kind) ? familiesOf(operation) : [])))
	return plan.filter(
		operation =>
			('server' in operation || LETTING_GO.has(operation.kind)) &&
			familiesOf(operation).every(family => !unfounded.has(family)),
	)
}

const LETTING_GO: ReadonlySet<OperationKind> = new Set([
	'unbind-vip',
	'delete-set-entry',
	'delete-steering',
	'delete-flows',
])

/**
 * Of a plan for a part of the whole, what can be done before all other parts have their turn: whatever comes, so that
 * nothing waits for it. What goes, and what replaces rules that serve the other parts, is planned anew after that: the
 * kernel scans its list of deleted real servers with each new one.
 */
export const coming = (plan: readonly Operation[]): readonly Operation[] =>
	plan.filter(operation => operation.kind === 'delete-flows' || rankOf(operation) < rankOfStep('take-over-rules'))

const RANK = new Map<Step, number>(APPLY_ORDER.map((step, rank) => [step, rank]))

const rankOfStep = (step: Step): number => RANK.get(step) ?? 0

const rankOf = (operation: Operation): number => rankOfStep(stepOf(operation))

/** Stable: operations of one kind keep the order in which they were found. */
export const inOrder = (operations: readonly Operation[]): readonly Operation[] => {
	const buckets: Operation[][] = APPLY_ORDER.map(() => [])
	for (const operation of operations) {
		buckets[rankOf(operation)]?.push(operation)
	}
	return buckets.flat()
}
