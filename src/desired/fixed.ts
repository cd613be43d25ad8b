import type {Config} from '../config/fields.ts'
import type {Prefix} from '../net/prefix.ts'
import {SET_DEFINITIONS} from '../state/ipset.ts'
import type {NodeFacts} from '../state/node-facts.ts'
import type {FixedState} from '../state/node-state.ts'
import {flowPolicy} from './conntrack.ts'
import {rulesetOf} from './iptables.ts'
import {sysctlsOf} from './sysctl.ts'

/** All that the node needs before it serves the first Service. */
export const fixedState = (
	config: Config,
	{podCIDRs, serviceNetworks}: ClusterNetworks,
	facts: NodeFacts,
): FixedState => ({
	sets: new Map([...SET_DEFINITIONS].filter(([, {family}]) => facts.families.includes(family))),
	rulesets: facts.families.map(family => rulesetOf(config, podCIDRs, family, facts)),
	sysctls: sysctlsOf(config, facts),
	flowPolicy,
	claims: {
		excluded: config.excludeCIDRs,
		serviceNetworks: [...config.serviceCIDR, ...serviceNetworks],
		masqueradeBit: config.masqueradeBit,
	},
})

/** What the cluster tells of its networks. */
export interface ClusterNetworks {
	/** Of the pods on this node. */
	readonly podCIDRs: readonly Prefix[]
	/** Of ClusterIPs. */
	readonly serviceNetworks: readonly Prefix[]
}

export const NO_NETWORKS: ClusterNetworks = {podCIDRs: [], serviceNetworks: []}
