import type {Address} from '../net/address.ts'
import {type FlowFilter, flowTargetKey} from '../state/conntrack.ts'
import {
	type FlowTarget,
	type RealServerKey,
	type VirtualServer,
	type VirtualServerKey,
	type VirtualServerState,
	virtualServerKey,
} from '../state/ipvs.ts'
import {decodeMark} from '../state/mark.ts'
import type {ActualState, WantedState} from '../state/node-state.ts'
import {drainKey} from './ipvs.ts'
import {markedTargets} from './marked.ts'
import type {IpvsOperation, Operation} from './operation.ts'

/**
 * Tracked flows that have nothing to go to any more, of protocols whose clients would not notice: those to real servers
 * that go, to virtual servers that go, and those that began before there was anything to go to. Flows to endpoints that
 * serve stay, chosen or not, and so do all flows of a virtual server that has none: they are no better off elsewhere.
 */
export const planFlows = (
	operations: readonly Operation[],
	wanted: WantedState,
	actual: ActualState,
): readonly Operation[] => {
	const touched = new Map<VirtualServerKey, VirtualServer>()
	const gone = new Set<string>()
	const isWorth = mayEnd(wanted)
	for (const operation of operations) {
		if (isTurn(operation, actual) && isWorth(operation.server)) {
			touched.set(operation.server.key, operation.server)
		}
		if (operation.kind === 'delete-real-server') {
			gone.add(drainKey(operation.server.key, operation.realServer.key))
		}
	}
	const drainingOf = drainingIn(wanted, actual, gone)
	const filters = [...touched.values()].flatMap(server => {
		const want = wanted.virtualServers.get(server.key)
		return want ? filtersOf(want, drainingOf(server.key)) : filtersOfGone(server, actual, wanted)
	})
	return ending(filters, wanted).map(flow => ({kind: 'delete-flows', flow}))
}

/**
 * All such flows of the virtual servers that are wanted. To be looked at where it is not known what was done before: a
 * process that was killed after it had deleted a real server leaves its flows, and nothing else tells of them.
 */
export const forgottenFlows = (wanted: WantedState, actual: ActualState): readonly FlowFilter[] => {
	const drainingOf = drainingIn(wanted, actual)
	const isWorth = mayEnd(wanted)
	const filters = wanted.virtualServers
		.values()
		.filter(({server}) => isWorth(server))
		.flatMap(state => filtersOf(state, drainingOf(state.server.key)))
	return ending([...filters], wanted)
}

/** What is sent there is of a protocol whose flows end with a real server, or that is not known before a closer look. */
const mayEnd =
	({fixed}: WantedState) =>
	({listen}: VirtualServer): boolean =>
		listen.kind === 'firewall-mark' || fixed.flowPolicy.endWithRealServer.has(listen.protocol)

const ending = (filters: readonly FlowFilter[], {fixed}: WantedState): readonly FlowFilter[] =>
	filters.filter(({protocol}) => fixed.flowPolicy.endWithRealServer.has(protocol))

type DrainingOf = (server: VirtualServerKey) => readonly RealServerKey[]

/** Where UDP drains, the flows of a real server last as long as it is there. */
const drainingIn =
	(wanted: WantedState, actual: ActualState, gone: ReadonlySet<string> = new Set()): DrainingOf =>
	server => {
		const present = actual.virtualServers.get(server)?.realServers.keys() ?? []
		const isDraining = wanted.virtualServers.get(server)?.drainsUDP ?? false
		return isDraining ? [...present].filter(realServer => !gone.has(drainKey(server, realServer))) : []
	}

/** The same once for each destination, and with the real servers that stay by now. */
export const renewFlows = (
	flows: readonly FlowFilter[],
	wanted: WantedState,
	actual: ActualState,
): readonly FlowFilter[] => {
	const drainingOf = drainingIn(wanted, actual)
	const byTarget = new Map(flows.map(flow => [flowTargetKey(flow), flow]))
	return [...byTarget.values()].flatMap(flow => {
		const {protocol, vip, vipPort, lastPort} = flow
		const listen = {kind: 'address', protocol, address: vip, port: vipPort} as const
		const own = lastPort === undefined ? wanted.virtualServers.get(virtualServerKey(listen)) : undefined
		const state = own ?? markedFor(flow, wanted)
		return state
			? filtersOf(state, drainingOf(state.server.key)).filter(isSameTarget(flow))
			: [{...flow, keep: new Set<Address>()}]
	})
}

const isSameTarget =
	(a: FlowFilter) =>
	(b: FlowFilter): boolean =>
		flowTargetKey(a) === flowTargetKey(b)

/** One for a mark that serves this target; there is one whose flows failed before, or nobody serves it any more. */
const markedFor = (flow: FlowFilter, {virtualServers}: WantedState): VirtualServerState | undefined =>
	[...virtualServers.values()].find(
		state => state.server.listen.kind === 'firewall-mark' && filtersOf(state).some(isSameTarget(flow)),
	)

/** It may leave flows behind that lead nowhere. */
const isTurn = (operation: Operation, actual: ActualState): operation is IpvsOperation => {
	switch (operation.kind) {
		case 'add-virtual-server':
		case 'delete-virtual-server':
		case 'delete-real-server':
			return true
		case 'add-real-server': {
			const present = actual.virtualServers.get(operation.server.key)?.realServers.values()
			return present?.every(({weight}) => weight === 0) ?? true
		}
		default:
			return false
	}
}

/** Of one that is wanted. Where there is nothing to go to, flows are no better off elsewhere. */
const filtersOf = (
	{server: {listen}, realServers, flows}: VirtualServerState,
	draining: readonly RealServerKey[] = [],
): readonly FlowFilter[] => {
	const live = [...(flows?.serving.keys() ?? []), ...realServers.keys()]
	const targets = flows?.destinations ?? (listen.kind === 'address' ? [listen] : [])
	return live.length === 0
		? []
		: targets.map(target => filterOf(target, target.protocol === 'sctp' ? live : [...live, ...draining]))
}

/**
 * Of one that goes. The destinations of a mark that stands for clients inside have virtual servers of their own, which
 * go, too; a group with TCP has drained.
 */
const filtersOfGone = ({listen}: VirtualServer, actual: ActualState, {fixed}: WantedState): readonly FlowFilter[] => {
	if (listen.kind === 'address') {
		return [filterOf(listen, [])]
	}
	const {masqueradeBit} = fixed.claims
	const isGroup = decodeMark(listen.mark, masqueradeBit)?.kind === 'group'
	const targets = isGroup ? markedTargets(listen, actual, masqueradeBit) : []
	return targets.some(({protocol}) => protocol === 'tcp') ? [] : targets.map(target => filterOf(target, []))
}

const filterOf = (
	{protocol, address: vip, port: vipPort, lastPort}: FlowTarget,
	live: readonly RealServerKey[],
): FlowFilter => ({
	...{protocol, vip, vipPort},
	...(lastPort !== undefined && {lastPort}),
	// An SCTP association may outlive a change of its port's number; a group does not look at ports.
	keep: new Set(live.map(key => (protocol === 'sctp' || key.endsWith(':0') ? hostOf(key) : key))),
})

/** `10.244.1.5` of `10.244.1.5:8080`. */
const hostOf = (key: RealServerKey): Address => key.slice(0, key.lastIndexOf(':')).replace(/^\[|\]$/g, '') as Address
