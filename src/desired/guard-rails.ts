import type {Config} from '../config/fields.ts'
import type {NodeContext} from '../model/node-context.ts'
import type {Address} from '../net/address.ts'
import {familyOf} from '../net/address.ts'
import {type Prefix, prefixContains, prefixFamily} from '../net/prefix.ts'

/** What is to be done about an address from outside the cluster that a Service claims. */
export type Judgement =
	/** Made local to this node and served. */
	| {readonly kind: 'bind'}
	/** Served as it is: the node has it anyway. */
	| {readonly kind: 'serve'}
	/** Left to another node. */
	| {readonly kind: 'leave'}
	| {readonly kind: 'refuse'; readonly why: string; readonly isOfNode?: true}

export type ExternalKind = 'external-ip' | 'load-balancer'

const NETWORKS = {
	'external-ip': 'externalIPNetworks',
	'load-balancer': 'loadBalancerIPNetworks',
} as const satisfies Record<ExternalKind, keyof Config>

/**
 * An address that is made local is cut off from whoever had it before. So the node and the API servers stay reachable
 * whatever a Service claims: nobody who may write a Service may take them away (compare CVE-2020-8554).
 */
export const judge = (
	kind: ExternalKind,
	{address, port}: {readonly address: Address; readonly port: number},
	node: NodeContext,
	config: Config,
): Judgement => {
	if (!isAllowed(address, config[NETWORKS[kind]])) {
		return {kind: 'refuse', why: `is in none of the networks of ${NETWORKS[kind]}`}
	}
	const isNode = node.ownAddresses.has(address) || node.otherNodes.has(address)
	// A node may be an API server and serve other ports of the same address.
	if (node.apiServers.some(server => server.address === address && (server.port === port || !isNode))) {
		return {kind: 'refuse', why: 'is where an API server answers'}
	}
	if (isNode) {
		return {kind: node.ownAddresses.has(address) ? 'serve' : 'leave'}
	}
	return node.gateways.has(address)
		? {kind: 'refuse', why: 'is a gateway of this node', isOfNode: true}
		: {kind: 'bind'}
}

/** Once networks are configured, a family that has none of them is closed. */
const isAllowed = (address: Address, networks: readonly Prefix[]): boolean => {
	const ofFamily = networks.filter(prefix => prefixFamily(prefix) === familyOf(address))
	return networks.length === 0 || ofFamily.some(prefix => prefixContains(prefix, address))
}
