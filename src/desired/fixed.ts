import type {Config} from '../config/fields.ts'
import type {Family} from '../net/address.ts'
import type {Prefix} from '../net/prefix.ts'
import {SET_DEFINITIONS} from '../state/ipset.ts'
import type {FixedState} from '../state/node-state.ts'
import {flowPolicy} from './conntrack.ts'
import {rulesetOf} from './iptables.ts'
import {sysctlsOf} from './sysctl.ts'

/** All that the node needs before it serves the first Service. */
export const fixedState = (config: Config, podCIDRs: readonly Prefix[], families: readonly Family[]): FixedState => ({
	sets: new Map([...SET_DEFINITIONS].filter(([, {family}]) => families.includes(family))),
	rulesets: families.map(family => rulesetOf(config, podCIDRs, family)),
	sysctls: sysctlsOf(config),
	flowPolicy,
})
