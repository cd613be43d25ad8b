import type {BindingMode} from '../state/addresses.ts'
import type {ActualState, Scope, WantedState} from '../state/node-state.ts'
import {planDevice, planVips} from './addresses.ts'
import {planFlows} from './conntrack.ts'
import {planMembers, planSets} from './ipset.ts'
import {planRules} from './iptables.ts'
import {planVirtualServers} from './ipvs.ts'
import {APPLY_ORDER, type Operation, type OperationKind} from './operation.ts'
import {planSysctls} from './sysctl.ts'

/** The operations that lead from `actual` to `wanted` within the scope, in the order in which to apply them. */
export const makePlan = (
	scope: Scope,
	wanted: WantedState,
	actual: ActualState,
	mode: BindingMode,
): readonly Operation[] => {
	const sets = planSets(wanted, actual)
	const servers = planVirtualServers(scope.virtualServers, wanted, actual)
	return inOrder([
		...planSysctls(wanted, actual),
		...planDevice(actual),
		...sets,
		...planRules(wanted, actual, sets),
		...planMembers(scope.members, wanted, actual, sets),
		...servers,
		...planVips(scope.vips, wanted, actual, mode),
		...planFlows(servers, wanted),
	])
}

const RANK = new Map<OperationKind, number>(APPLY_ORDER.map((kind, rank) => [kind, rank]))

/** Stable: operations of one kind keep the order in which they were found. */
export const inOrder = (operations: readonly Operation[]): readonly Operation[] => {
	const buckets: Operation[][] = APPLY_ORDER.map(() => [])
	for (const operation of operations) {
		buckets[RANK.get(operation.kind) ?? 0]?.push(operation)
	}
	return buckets.flat()
}
