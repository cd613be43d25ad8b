import type {NodeContext} from '../model/node-context.ts'
import {clusterIPOf, type Service, type ServicePort} from '../model/service.ts'
import {type Address, type Family, familyOf} from '../net/address.ts'

/** An address and port on which one service port is served. */
export interface Vip {
	readonly kind: VipKind
	readonly address: Address
	readonly port: number
	/** It has to be made local to the node; addresses that the node has anyway are served as they are. */
	readonly isBound: boolean
}

export type VipKind = 'cluster-ip' | 'external-ip' | 'load-balancer' | 'node-port'

/** Where one service port is served in one family; nothing in a family in which the Service has no ClusterIP. */
export const vipsOf = (service: Service, port: ServicePort, family: Family, node: NodeContext): readonly Vip[] => {
	const clusterIP = clusterIPOf(service, family)
	if (clusterIP === undefined) {
		return []
	}
	const ofFamily = (addresses: readonly Address[]) => addresses.filter(address => familyOf(address) === family)
	const served = (kind: VipKind, addresses: readonly Address[]): readonly Vip[] =>
		ofFamily(addresses).map(address => ({kind, address, port: port.port, isBound: !node.ownAddresses.has(address)}))
	const nodePorts = port.nodePort === 0 ? [] : ofFamily(node.nodePortAddresses)
	return [
		...served('cluster-ip', [clusterIP]),
		...served('external-ip', service.externalIPs),
		...served('load-balancer', service.loadBalancerIPs),
		...nodePorts.map((address): Vip => ({kind: 'node-port', address, port: port.nodePort, isBound: false})),
	]
}
