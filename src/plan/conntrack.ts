import type {Address} from '../net/address.ts'
import {type FlowFilter, flowTargetKey} from '../state/conntrack.ts'
import {
	type RealServerKey,
	type VirtualServer,
	type VirtualServerKey,
	type VirtualServerState,
	virtualServerKey,
} from '../state/ipvs.ts'
import type {ActualState, WantedState} from '../state/node-state.ts'
import {drainKey} from './ipvs.ts'
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
	for (const operation of operations) {
		if (isTurn(operation, actual)) {
			touched.set(operation.server.key, operation.server)
		}
	}
	const gone = new Set(
		operations.flatMap(op => (op.kind === 'delete-real-server' ? [drainKey(op.server.key, op.realServer.key)] : [])),
	)
	return staleFlows(touched.values(), wanted, drainingIn(wanted, actual, gone)).map(flow => ({
		kind: 'delete-flows',
		flow,
	}))
}

/**
 * All such flows of the virtual servers that are wanted. To be looked at where it is not known what was done before: a
 * process that was killed after it had deleted a real server leaves its flows, and nothing else tells of them.
 */
export const forgottenFlows = (wanted: WantedState, actual: ActualState): readonly FlowFilter[] =>
	staleFlows(
		[...wanted.virtualServers.values()].map(({server}) => server),
		wanted,
		drainingIn(wanted, actual),
	)

const staleFlows = (
	servers: Iterable<VirtualServer>,
	wanted: WantedState,
	drainingOf: DrainingOf,
): readonly FlowFilter[] => {
	const {endWithRealServer} = wanted.fixed.flowPolicy
	return [...servers]
		.flatMap(server => filtersOf(server, wanted.virtualServers.get(server.key), drainingOf(server.key)))
		.filter(({protocol}) => endWithRealServer.has(protocol))
}

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
	return [...byTarget.values()].flatMap(({protocol, vip, vipPort}) => {
		const listen = {kind: 'address', protocol, address: vip, port: vipPort} as const
		const key = virtualServerKey(listen)
		return filtersOf({listen}, wanted.virtualServers.get(key), drainingOf(key))
	})
}

/** It may leave flows behind that lead nowhere. */
const isTurn = (operation: Operation, actual: ActualState): operation is IpvsOperation => {
	switch (operation.kind) {
		case 'add-virtual-server':
		case 'delete-virtual-server':
		case 'delete-real-server':
			return true
		case 'add-real-server': {
			const present = actual.virtualServers.get(operation.server.key)?.realServers.values() ?? []
			return [...present].every(({weight}) => weight === 0)
		}
		default:
			return false
	}
}

/** Of a firewall mark that goes nothing is known; its destinations have virtual servers of their own, which go, too. */
const filtersOf = (
	{listen}: Pick<VirtualServer, 'listen'>,
	want: VirtualServerState | undefined,
	draining: readonly RealServerKey[],
): readonly FlowFilter[] => {
	const own = listen.kind === 'address' ? [{address: listen.address, port: listen.port}] : []
	const protocol = want?.flows?.protocol ?? (listen.kind === 'address' ? listen.protocol : undefined)
	const live = [...(want?.flows?.serving ?? []), ...(want?.realServers.keys() ?? [])]
	if (!protocol || (want && live.length === 0)) {
		return []
	}
	// An SCTP association may outlive a change of its port's number.
	const keep = new Set(protocol === 'sctp' ? live.map(hostOf) : [...live, ...draining])
	return (want?.flows?.destinations ?? own).map(({address: vip, port: vipPort}) => ({protocol, vip, vipPort, keep}))
}

/** `10.244.1.5` of `10.244.1.5:8080`. */
const hostOf = (key: RealServerKey): Address => key.slice(0, key.lastIndexOf(':')).replace(/^\[|\]$/g, '') as Address
