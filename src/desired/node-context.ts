import type {Config} from '../config/fields.ts'
import type {Node} from '../model/node.ts'
import type {NodeContext} from '../model/node-context.ts'
import type {Address, Family} from '../net/address.ts'
import {familyOf} from '../net/address.ts'
import {prefixContains, prefixFamily} from '../net/prefix.ts'

/** What of this node bears on its Services, from its Node object (which may be unknown) and its own interfaces. */
export const nodeContextOf = (
	config: Config,
	node: Node | undefined,
	families: readonly Family[],
	hostAddresses: ReadonlySet<Address>,
): NodeContext => ({
	name: config.nodeName,
	zone: node?.zone ?? '',
	families,
	nodePortAddresses: [...hostAddresses].filter(address => servesNodePorts(config, node, address)).sort(),
	ownAddresses: hostAddresses,
})

/** Every address of a family for which no network is configured. */
const servesNodePorts = ({nodePortAddresses}: Config, node: Node | undefined, address: Address): boolean => {
	if (nodePortAddresses === 'primary') {
		return address === node?.addresses.find(it => familyOf(it) === familyOf(address))
	}
	const networks = nodePortAddresses.filter(prefix => prefixFamily(prefix) === familyOf(address))
	return networks.length === 0 || networks.some(prefix => prefixContains(prefix, address))
}

/** Equal for every Service. */
export const isSameContext = (a: NodeContext, b: NodeContext): boolean =>
	a.name === b.name &&
	a.zone === b.zone &&
	a.families.join() === b.families.join() &&
	a.nodePortAddresses.join() === b.nodePortAddresses.join() &&
	a.ownAddresses.symmetricDifference(b.ownAddresses).size === 0
