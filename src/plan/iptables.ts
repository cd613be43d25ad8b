import {hasChain, hasRule} from '../state/iptables.ts'
import type {ActualState, WantedState} from '../state/node-state.ts'
import type {Operation} from './operation.ts'

/** One restore for each family in which a chain or a jump is not as it should be. */
export const planRules = (wanted: WantedState, actual: ActualState): readonly Operation[] =>
	wanted.fixed.rulesets.flatMap((ruleset): readonly Operation[] => {
		const saved = actual.tables.get(ruleset.family)
		const missing = ruleset.jumps.filter(jump => !hasRule(saved, jump))
		const isSame = missing.length === 0 && ruleset.chains.every(chain => hasChain(saved, chain))
		return isSame ? [] : [{kind: 'restore-rules', ruleset, missing}]
	})
