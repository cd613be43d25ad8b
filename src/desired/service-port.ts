import {type ChosenEndpoints, chooseEndpoints} from '../model/chosen-endpoints.ts'
import type {Problem} from '../model/problem.ts'
import {isExternallyLocal, policyOf, type Service} from '../model/service.ts'
import type {Family} from '../net/address.ts'
import type {Listener, NoLocalEndpoints, SetMember} from '../state/service-state.ts'
import type {Span} from '../state/span.ts'
import {type Vip, vipsOf} from './addresses.ts'
import {isApart} from './group-vips.ts'
import {insideListener, insideMember} from './inside.ts'
import {hairpinMembers, vipMembers} from './ipset.ts'
import {serverStateOf} from './ipvs.ts'
import type {PortContext} from './port-context.ts'
import {sourceRangeMembers, sourceRangesOf} from './source-ranges.ts'

/** What one service port asks for in one family. */
export interface PortState {
	readonly listeners: readonly Listener[]
	readonly spans?: readonly Span[]
	readonly members: readonly SetMember[]
	readonly noLocalEndpoints: readonly NoLocalEndpoints[]
	readonly problems: readonly Problem[]
}

export const compilePort = (context: PortContext): PortState => {
	const {service, port, family, node, config} = context
	const {vips, problems} = vipsOf(service, port, {family, node}, config)
	return compileVips(context, vips, problems)
}

/** Of a service port that a group serves everywhere else. */
export const compileApart = (context: PortContext): PortState => {
	const {service, port, family, node, config} = context
	const {vips} = vipsOf(service, port, {family, node}, config)
	const apart = vips.filter(vip => isApart(vip, context))
	// The group says it.
	return {...compileVips(context, apart, []), noLocalEndpoints: []}
}

const compileVips = (context: PortContext, vips: readonly Vip[], problems: readonly Problem[]): PortState => {
	const {service, port, family, endpoints, node} = context
	if (vips.length === 0) {
		return {listeners: [], members: [], noLocalEndpoints: [], problems}
	}
	const chosen = chooseEndpoints(endpoints, node)
	const external = vips.filter(({kind}) => kind !== 'cluster-ip')
	const inside =
		isExternallyLocal(service) && external.length > 0 ? insideListener(context, chosen.cluster, external) : undefined
	const listeners = vips.map(vip => listenerOf(context, vip, chosen, inside))
	return {
		listeners: inside ? [...listeners, inside] : listeners,
		members: hairpinMembers(endpoints, port.protocol, node.name),
		noLocalEndpoints: missingOf(service, family, chosen),
		problems,
	}
}

const listenerOf = (
	context: PortContext,
	vip: Vip,
	chosen: ChosenEndpoints,
	inside: Listener | undefined,
): Listener => {
	const {service, port, config, node} = context
	const {protocol} = port
	const isExternal = vip.kind !== 'cluster-ip'
	const isLocal = policyOf(service, isExternal) === 'Local'
	const listen = {kind: 'address', protocol, address: vip.address, port: vip.port} as const
	const ranges = vip.kind === 'load-balancer' ? sourceRangesOf(service, context.family) : undefined
	return {
		state: serverStateOf(context, listen, isLocal ? chosen.local : chosen.cluster, [listen]),
		vip: vip.isBound ? vip.address : undefined,
		members: [
			...vipMembers(vip, protocol, isLocal && isExternal),
			...(ranges ? sourceRangeMembers(vip, protocol, ranges, node.primaryAddresses) : []),
		],
		...(inside && isExternal
			? {inside: {server: inside.state.server.key, member: insideMember(vip, protocol, inside, config)}}
			: {}),
	}
}

/** As kube-proxy counts them: endpoints somewhere, none of them here, and a policy that wants them here. */
export const missingOf = (
	service: Service,
	family: Family,
	{cluster, local}: ChosenEndpoints,
): readonly NoLocalEndpoints[] => {
	if (cluster.length === 0 || local.length > 0) {
		return []
	}
	return [
		...(service.internalTrafficPolicy === 'Local' ? [{family, policy: 'internal'} as const] : []),
		...(isExternallyLocal(service) ? [{family, policy: 'external'} as const] : []),
	]
}
