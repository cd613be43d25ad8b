import type {Config} from '../config/fields.ts'
import type {Prefix} from '../net/prefix.ts'
import {SET_DEFINITIONS} from '../state/ipset.ts'
import type {FixedState} from '../state/node-state.ts'
import {flowPolicy} from './conntrack.ts'
import {rulesetsOf} from './iptables.ts'
import {sysctlsOf} from './sysctl.ts'

/** All that the node needs before it serves the first Service. */
export const fixedState = (config: Config, podCIDRs: readonly Prefix[]): FixedState => ({
	sets: SET_DEFINITIONS,
	rulesets: rulesetsOf(config, podCIDRs),
	sysctls: sysctlsOf(config),
	flowPolicy,
})
