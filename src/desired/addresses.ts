import {joinLists, NONE} from '../compact.ts'
import type {Config} from '../config/fields.ts'
import type {NodeContext} from '../model/node-context.ts'
import {type Problem, serviceReference} from '../model/problem.ts'
import {clusterIPOf, type Service, type ServicePort} from '../model/service.ts'
import {type Address, type Family, familyOf} from '../net/address.ts'
import {type ExternalKind, judge} from './guard-rails.ts'

/** An address and port on which one service port is served. */
export interface Vip {
	readonly kind: VipKind
	readonly address: Address
	readonly port: number
	/** It has to be made local to the node; addresses that the node has anyway are served as they are. */
	readonly isBound: boolean
}

export type VipKind = 'cluster-ip' | 'external-ip' | 'load-balancer' | 'node-port'

export interface Vips {
	readonly vips: readonly Vip[]
	/** Addresses that are refused. */
	readonly problems: readonly Problem[]
}

/** Where one service port is served in one family; nothing in a family in which the Service has no ClusterIP. */
export const vipsOf = (
	service: Service,
	port: ServicePort,
	{family, node}: {readonly family: Family; readonly node: NodeContext},
	config: Config,
): Vips => {
	const clusterIP = clusterIPOf(service, family)
	if (clusterIP === undefined) {
		return {vips: NONE, problems: NONE}
	}
	const externals = externalVips(service, port.port, {family, node}, config)
	const isBound = !node.ownAddresses.has(clusterIP)
	const vips: Vip[] = [{kind: 'cluster-ip', address: clusterIP, port: port.port, isBound}, ...externals.vips]
	for (const address of port.nodePort === 0 ? NONE : ofFamily(node.nodePortAddresses, family)) {
		vips.push({kind: 'node-port', address, port: port.nodePort, isBound: false})
	}
	return {vips, problems: externals.problems}
}

const FIELDS = {
	'external-ip': 'spec.externalIPs',
	'load-balancer': 'status.loadBalancer.ingress',
} as const satisfies Record<ExternalKind, string>

const externalVips = (
	service: Service,
	port: number,
	{family, node}: {readonly family: Family; readonly node: NodeContext},
	config: Config,
): Vips => {
	const vips: Vip[] = []
	const problems: Problem[] = []
	for (const {kind, address} of externalAddresses(service, config)) {
		if (familyOf(address) !== family) {
			continue
		}
		const judgement = judge(kind, {address, port}, node, config)
		if (judgement.kind === 'refuse') {
			const {why, isOfNode} = judgement
			const problem = refusal(service, FIELDS[kind], `${address} ${why}; it is not served`)
			problems.push(isOfNode ? {...problem, isOfNode} : problem)
		} else if (judgement.kind !== 'leave') {
			vips.push({kind, address, port, isBound: judgement.kind === 'bind'})
		}
	}
	return {vips, problems}
}

/** All addresses from outside the cluster that this Service claims, in both families. */
export const externalAddresses = (
	{externalIPs, loadBalancerIPs}: Service,
	{serveExternalIPs}: Config,
): readonly {readonly kind: ExternalKind; readonly address: Address}[] =>
	joinLists<{readonly kind: ExternalKind; readonly address: Address}>([
		(serveExternalIPs ? externalIPs : NONE).map(address => ({kind: 'external-ip', address})),
		loadBalancerIPs.map(address => ({kind: 'load-balancer', address})),
	])

const refusal = (service: Service, field: string, message: string): Problem => ({
	object: serviceReference(service),
	field,
	reason: 'AddressRefused',
	message,
})

const ofFamily = (addresses: readonly Address[], family: Family): readonly Address[] =>
	addresses.filter(address => familyOf(address) === family)
