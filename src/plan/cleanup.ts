import type {Ruleset} from '../state/iptables.ts'
import type {ActualState, FixedState} from '../state/node-state.ts'
import {isServedByRules} from './leftovers.ts'
import type {Operation} from './operation.ts'
import {isOurs} from './ownership.ts'
import {inOrder} from './plan.ts'
import {deleteSteering} from './steering.ts'

/** The operations that remove all that is ours, and nothing else. Kernel settings stay: others may count on them. */
export const makeCleanupPlan = (fixed: FixedState, actual: ActualState): readonly Operation[] => {
	const operations: Operation[] = []
	for (const {server} of actual.virtualServers.values()) {
		if (isOurs(server, actual, fixed.claims)) {
			operations.push({kind: 'delete-virtual-server', server})
		}
	}
	for (const all of fixed.rulesets) {
		const saved = actual.tables.get(all.family)
		const ruleset = isServedByRules(saved) ? ofOursAlone(all) : all
		if (ruleset.chains.some(({table, name}) => saved?.get(table)?.has(name))) {
			operations.push({kind: 'remove-rules', ruleset})
		}
	}
	for (const name of fixed.sets.keys()) {
		if (actual.sets.has(name)) {
			operations.push({kind: 'destroy-set', name})
		}
	}
	operations.push(...deleteSteering([...actual.steering.values()]))
	// The device takes its VIPs along.
	return inOrder(actual.hasDevice ? [...operations, {kind: 'delete-device'}] : operations)
}

/** Without the chains and jumps that kube-proxy's iptables mode has under the same names: where it serves, they are its. */
const ofOursAlone = ({family, chains, jumps}: Ruleset): Ruleset => ({
	family,
	chains: chains.filter(({name}) => name.startsWith('KUBE-LVS-')),
	jumps: jumps.filter(({table}) => table === 'mangle'),
})
