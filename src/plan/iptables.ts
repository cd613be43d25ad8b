import {hasChain, hasRule, type Rule, type Ruleset, type SavedTables} from '../state/iptables.ts'
import type {ActualState, WantedState} from '../state/node-state.ts'
import {isServedByRules} from './leftovers.ts'
import type {Operation} from './operation.ts'
import {whileSame} from './while-same.ts'

/**
 * One restore for each family in which a chain or a jump is not as it should be. Where a chain of ours names a set that
 * `sets` have to destroy, such rules go before and come back after. Where kube-proxy's iptables mode serves, ours take
 * over once all else stands.
 */
export const planRules = (wanted: WantedState, actual: ActualState, sets: readonly Operation[]): readonly Operation[] =>
	wanted.fixed.rulesets.flatMap((ruleset): readonly Operation[] => {
		const saved = actual.tables.get(ruleset.family)
		const {missing, isSame} = differenceTo(ruleset, saved)
		const release = planRelease(ruleset, saved, sets)
		if (release) {
			return [release, {kind: 'restore-rules', ruleset, missing}]
		}
		const kind = () => (isServedByRules(saved) ? 'take-over-rules' : 'restore-rules')
		return isSame ? [] : [{kind: kind(), ruleset, missing}]
	})

const differenceTo = whileSame((ruleset: Ruleset, saved: SavedTables | undefined) => {
	const missing = ruleset.jumps.filter(jump => !hasRule(saved, jump))
	return {missing, isSame: missing.length === 0 && ruleset.chains.every(chain => hasChain(saved, chain))}
})

const planRelease = (
	ruleset: Ruleset,
	saved: SavedTables | undefined,
	sets: readonly Operation[],
): Operation | undefined => {
	const doomed = sets.flatMap(set => (set.kind === 'replace-set' && set.unlike ? [set.definition.name] : []))
	if (doomed.length === 0) {
		return undefined
	}
	const isNaming = (rule: Rule) => doomed.some(name => new RegExp(`-set ${name}( |$)`).test(rule))
	const isInUse = ruleset.chains.some(({table, name}) => saved?.get(table)?.get(name)?.some(isNaming))
	const chains = ruleset.chains.map(chain => ({...chain, rules: chain.rules.filter(rule => !isNaming(rule))}))
	return isInUse ? {kind: 'release-sets', ruleset: {...ruleset, chains, jumps: []}} : undefined
}
