import type {Config} from '../config/fields.ts'
import type {Family} from '../net/address.ts'
import {formatPrefix, type Prefix, prefixFamily} from '../net/prefix.ts'

/** Words of rules that match traffic by whether pods send it. */
export interface PodMatches {
	/** What pods send: those of this node, or with clusterCIDR those of any. Undefined where it cannot be told. */
	readonly fromPods: string | undefined
	/** Of what comes from inside the cluster, what only finds its way back when it is masqueraded. */
	readonly needsWayBack: string
	/** What pods of this node have not sent, by its source; empty, which matches all, where their network is not known. */
	readonly fromElsewhere: string
}

/** `podCIDRs` are the networks of the pods on this node, where its Node has them. */
export const podMatchesOf = (config: Config, podCIDRs: readonly Prefix[], family: Family): PodMatches => {
	const own = networkOf(podCIDRs, family)
	const fromElsewhere = own === undefined || config.masqueradeAll ? '' : `! -s ${own}`
	const fromNode = {needsWayBack: '-m addrtype --src-type LOCAL', fromElsewhere}
	switch (config.detectLocalMode) {
		case 'BridgeInterface':
			return {fromPods: `-i ${config.bridgeInterface}`, ...fromNode}
		case 'InterfaceNamePrefix':
			return {fromPods: `-i ${config.interfaceNamePrefix}+`, ...fromNode}
		case 'NodeCIDR':
			return {fromPods: own && `-s ${own}`, ...fromNode}
		default: {
			const all = networkOf(config.clusterCIDR, family)
			return all === undefined
				? {fromPods: undefined, ...fromNode}
				: {fromPods: `-s ${all}`, ...fromOthers(own), fromElsewhere}
		}
	}
}

/**
 * The node itself has the VIP as its source. A pod of another node would get the answer of an endpoint straight, from
 * an address that it has not asked. Where pods of this node cannot be told from those, none keeps its address.
 */
const fromOthers = (own: string | undefined): Pick<PodMatches, 'needsWayBack'> => ({
	needsWayBack: own === undefined ? '' : `! -s ${own}`,
})

const networkOf = (networks: readonly Prefix[], family: Family): string | undefined => {
	const network = networks.find(prefix => prefixFamily(prefix) === family)
	return network && formatPrefix(network)
}
