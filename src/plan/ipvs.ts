import type {FlowPolicy} from '../state/conntrack.ts'
import {
	isSameRealServer,
	isSameVirtualServer,
	type RealServer,
	type VirtualServer,
	type VirtualServerKey,
	type VirtualServerState,
} from '../state/ipvs.ts'
import type {ActualState, WantedState} from '../state/node-state.ts'
import type {Operation} from './operation.ts'

/** What to do about the virtual servers of these keys. */
export const planVirtualServers = (
	keys: Iterable<VirtualServerKey>,
	wanted: WantedState,
	actual: ActualState,
): readonly Operation[] => {
	const operations: Operation[] = []
	for (const key of keys) {
		const want = wanted.virtualServers.get(key)
		const have = actual.virtualServers.get(key)
		if (want) {
			operations.push(...planSettings(want, have))
			operations.push(...planNewRealServers(want, have))
		}
		if (want && have) {
			operations.push(...planOldRealServers(want, have, actual, wanted.fixed.flowPolicy))
		}
		if (!want && have) {
			operations.push({kind: 'delete-virtual-server', server: have.server})
		}
	}
	return operations
}

const planSettings = ({server}: VirtualServerState, have: VirtualServerState | undefined): readonly Operation[] => {
	if (!have) {
		return [{kind: 'add-virtual-server', server}]
	}
	return isSameVirtualServer(server, have.server) ? [] : [{kind: 'update-virtual-server', server}]
}

const planNewRealServers = (want: VirtualServerState, have: VirtualServerState | undefined): readonly Operation[] => {
	const operations: Operation[] = []
	for (const [key, realServer] of want.realServers) {
		const present = have?.realServers.get(key)
		if (!present) {
			operations.push({kind: 'add-real-server', server: want.server, realServer})
		} else if (!isSameRealServer(realServer, present)) {
			operations.push({kind: 'update-real-server', server: want.server, realServer})
		}
	}
	return operations
}

/** Draining is read from the kernel: weight 0 and its connections. Nothing is remembered, so a restart loses nothing. */
const planOldRealServers = (
	{server, realServers}: VirtualServerState,
	have: VirtualServerState,
	actual: ActualState,
	policy: FlowPolicy,
): readonly Operation[] => {
	const operations: Operation[] = []
	for (const [key, realServer] of have.realServers) {
		if (realServers.has(key)) {
			continue
		}
		const counters = actual.counters.get(server.key)?.get(key)
		const isIdle = counters?.activeConnections === 0 && counters.inactiveConnections === 0
		if (endsAtOnce(server, policy) || (realServer.weight === 0 && isIdle)) {
			operations.push({kind: 'delete-real-server', server, realServer})
		} else if (realServer.weight !== 0) {
			operations.push({kind: 'drain-real-server', server, realServer: drained(realServer)})
		}
	}
	return operations
}

const endsAtOnce = ({listen}: VirtualServer, policy: FlowPolicy): boolean =>
	listen.kind === 'address' && policy.endWithRealServer.has(listen.protocol)

const drained = (realServer: RealServer): RealServer => ({...realServer, weight: 0})

/** Virtual servers among these keys with a real server that is no longer wanted but still there. */
export const drainingAmong = (
	keys: Iterable<VirtualServerKey>,
	wanted: WantedState,
	actual: ActualState,
): ReadonlySet<VirtualServerKey> => {
	const draining = new Set<VirtualServerKey>()
	for (const key of keys) {
		const want = wanted.virtualServers.get(key)
		const present = actual.virtualServers.get(key)?.realServers.keys() ?? []
		if (want && [...present].some(realServer => !want.realServers.has(realServer))) {
			draining.add(key)
		}
	}
	return draining
}
