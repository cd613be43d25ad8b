import type {Config} from '../config/fields.ts'
import type {Node} from '../model/node.ts'
import type {NodeContext} from '../model/node-context.ts'
import {type Address, type Family, familyOf, isServable} from '../net/address.ts'
import {prefixContains, prefixFamily} from '../net/prefix.ts'

/** What the node's kernel and the other objects of the cluster tell. */
export type Surroundings = Pick<
	NodeContext,
	'families' | 'ownAddresses' | 'gateways' | 'otherNodes' | 'apiServers' | 'lacking' | 'nodeWeights'
>

/** What of this node bears on its Services, from its Node object (which may be unknown) and what surrounds it. */
export const nodeContextOf = (config: Config, node: Node | undefined, around: Surroundings): NodeContext => {
	const primaryAddresses = around.families.flatMap(family => primaryAddressOf(config, node, family) ?? [])
	return {
		...around,
		name: config.nodeName,
		zone: node?.zone ?? '',
		primaryAddresses,
		nodePortAddresses: [...around.ownAddresses]
			.filter(address => servesNodePorts(config, primaryAddresses, address))
			.sort(),
	}
}

/** A bind address wins over the Node's own (kube-proxy app/server.go). */
const primaryAddressOf = ({bindAddress}: Config, node: Node | undefined, family: Family): Address | undefined =>
	[...(bindAddress ? [bindAddress] : []), ...(node?.addresses ?? [])].find(
		address => familyOf(address) === family && isServable(address),
	)

/** Every address of a family for which no network is configured. */
const servesNodePorts = (
	{nodePortAddresses}: Config,
	primaryAddresses: readonly Address[],
	address: Address,
): boolean => {
	if (nodePortAddresses === 'primary') {
		return primaryAddresses.includes(address)
	}
	const networks = nodePortAddresses.filter(prefix => prefixFamily(prefix) === familyOf(address))
	return networks.length === 0 || networks.some(prefix => prefixContains(prefix, address))
}

/**
 * Equal for every Service, but for the addresses of other nodes, which bear on those that claim one of them, and the
 * weights of nodes, which bear on those that have endpoints there.
 */
export const isSameContext = (a: NodeContext, b: NodeContext): boolean => fingerprint(a) === fingerprint(b)

const fingerprint = (context: NodeContext): string =>
	JSON.stringify([
		context.name,
		context.zone,
		context.families,
		context.primaryAddresses,
		context.nodePortAddresses,
		[...context.ownAddresses].sort(),
		[...context.gateways].sort(),
		context.apiServers.map(({address, port}) => `${address} ${port}`).sort(),
		[...context.lacking].sort(),
	])
