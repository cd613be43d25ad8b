import {type ChosenEndpoints, chooseEndpoints, isLocal} from '../model/chosen-endpoints.ts'
import {clusterIPOf, isExternallyLocal, type Service} from '../model/service.ts'
import {type Address, addressToBytes} from '../net/address.ts'
import {type SetRole, setName} from '../state/ipset.ts'
import {type Listen, realServerKey, type VirtualServerState, virtualServerKey} from '../state/ipvs.ts'
import {encodeMark, type GroupFace, markMask} from '../state/mark.ts'
import type {Listener, SetMember} from '../state/service-state.ts'
import {type Span, targetsOf} from '../state/span.ts'
import {isSteered} from './forwarding.ts'
import {groupContextOf, strangersOf} from './group-endpoints.ts'
import {type GroupedVip, groupedVipsOf} from './group-vips.ts'
import {hairpinMembers} from './ipset.ts'
import {serverStateOf} from './ipvs.ts'
import type {PortContext} from './port-context.ts'
import {missingOf, type PortState} from './service-port.ts'
import {sourceRangeSuffixes, sourceRangesOf} from './source-ranges.ts'

/**
 * All that a Service serves in one family by firewall marks: every port of its ClusterIP and its external addresses leads
 * to one virtual server, whose real servers have no port of their own, so that a client keeps its endpoint from port to
 * port. Clients outside have a second one where externalTrafficPolicy is Local. Node ports are not part of it: their
 * numbers are not those of the endpoints.
 */
export const compileGroup = (contexts: readonly PortContext[]): PortState => {
	const [first] = contexts
	const clusterIP = first && clusterIPOf(first.service, first.family)
	if (!first || clusterIP === undefined) {
		return NOTHING
	}
	const {vips, problems} = groupedVipsOf(contexts)
	const context = groupContextOf(contexts, first)
	const {service, family, endpoints, node} = context
	const chosen = chooseEndpoints(endpoints, node)
	const group: Group = {context, clusterIP, vips, chosen}
	return {
		listeners: facesOf(vips, service).map(face => listenerOf(group, face)),
		spans: vips.map(vip => spanOf(group, vip)),
		members: [
			...contexts.flatMap(({endpoints, port}) => hairpinMembers(endpoints, port.protocol, node.name)),
			...(context.settings.portRange ? rangeHairpinMembers(context) : []),
		],
		noLocalEndpoints: missingOf(service, family, chosen),
		problems: [...problems, ...strangersOf(contexts)],
	}
}

/**
 * The hairpin members of ports beyond counting: what one of these endpoints sends to one of them is masqueraded, though
 * it may be another one.
 */
const rangeHairpinMembers = ({endpoints, node, family}: PortContext): readonly SetMember[] =>
	endpoints
		.filter(endpoint => isLocal(endpoint, node.name))
		.map(({address}) => ({set: setName('LVS-LOOP-BACK', family), entry: address}))

const NOTHING: PortState = {listeners: [], members: [], noLocalEndpoints: [], problems: []}

interface Group {
	/** Of all ports as one. */
	readonly context: PortContext
	readonly clusterIP: Address
	readonly vips: readonly GroupedVip[]
	readonly chosen: ChosenEndpoints
}

/** Which of the virtual servers of a group clients outside come to by this address. */
const faceOf = ({kind}: GroupedVip, service: Service): GroupFace => {
	if (kind === 'cluster-ip') {
		return service.internalTrafficPolicy === 'Local' ? 'internal' : 'cluster'
	}
	return isExternallyLocal(service) ? 'external' : 'cluster'
}

/** Those of clients outside come first; the fixed rules lead clients inside from the external face to that of the cluster. */
const facesOf = (vips: readonly GroupedVip[], service: Service): readonly GroupFace[] => {
	const faces = new Set(vips.map(vip => faceOf(vip, service)))
	const all = faces.has('external') ? faces.add('cluster') : faces
	return (['external', 'internal', 'cluster'] as const).filter(face => all.has(face))
}

const listenOf = ({context, clusterIP}: Group, face: GroupFace): Extract<Listen, {readonly kind: 'firewall-mark'}> => {
	const mark = encodeMark(
		{kind: 'group', face, isSteered: isSteered(context.settings), number: numberOf(clusterIP)},
		context.config.masqueradeBit,
	)
	return {kind: 'firewall-mark', family: context.family, mark}
}

/** The last 20 bits: the range of ClusterIPs has no more, so that no other Service of the cluster has the same. */
const numberOf = (clusterIP: Address): number => {
	const [high = 0, middle = 0, low = 0] = addressToBytes(clusterIP).slice(-3)
	return (high % 16) * 2 ** 16 + middle * 2 ** 8 + low
}

const listenerOf = (group: Group, face: GroupFace): Listener => {
	const {context, vips, chosen} = group
	const served = vips.filter(vip =>
		[face, ...(face === 'cluster' ? ['external'] : [])].includes(faceOf(vip, context.service)),
	)
	const targets = served.flatMap(({address, ports}) => targetsOf(address, ports))
	const endpoints = face === 'cluster' ? chosen.cluster : chosen.local
	const state = serverStateOf(context, listenOf(group, face), endpoints, targets)
	const listener = {state, vip: undefined, members: []}
	return isSteered(context.settings) ? {...listener, state: answeredByVips(state), steered: true} : listener
}

/** The answers of endpoints come from the VIP itself, whichever they are from. */
const answeredByVips = (state: VirtualServerState): VirtualServerState => {
	const {destinations = [], serving} = state.flows ?? {}
	const vips = destinations.map(({address}) => realServerKey(address, 0))
	return {...state, flows: {destinations, serving: new Set([...(serving?.keys() ?? []), ...vips])}}
}

const spanOf = (group: Group, vip: GroupedVip): Span => {
	const {service, family, node, config} = group.context
	const {kind, address, ports} = vip
	const listen = listenOf(group, faceOf(vip, service))
	const hex = (number: number) => `0x${number.toString(16)}`
	const mark = ` skbmark ${hex(listen.mark)}/${hex(markMask('group', config.masqueradeBit))}`
	const ranges = kind === 'load-balancer' ? sourceRangesOf(service, family) : undefined
	return {
		...{address, ports, isBound: vip.isBound && !isSteered(group.context.settings)},
		server: virtualServerKey(listen),
		marks: [
			{set: setName(ports === 'all' ? 'LVS-MARK-IP' : 'LVS-MARK', family), suffix: mark},
			...(ranges ? sourceRangeSuffixes(address, ranges, node.primaryAddresses) : []),
		],
		members: addressMembers(group, vip),
	}
}

/** What the fixed rules have to know of the address: that it is on the device, or instead that it must not be. */
const addressMembers = ({context: {settings, family}}: Group, {address, isBound}: GroupedVip): readonly SetMember[] => {
	const member = (role: SetRole): SetMember => ({set: setName(role, family), entry: address})
	if (!isSteered(settings)) {
		return isBound ? [member('IPVS-IPS')] : []
	}
	return [member('LVS-STEERED'), ...(settings.forwardingMethod === 'tunnel' ? [member('LVS-TUNNEL')] : [])]
}
