import {
	isSameRealServer,
	isSameVirtualServer,
	type RealServer,
	type RealServerKey,
	type VirtualServerKey,
	type VirtualServerState,
} from '../state/ipvs.ts'
import type {ActualState, FixedState, WantedState} from '../state/node-state.ts'
import {protocolsOf} from './marked.ts'
import {standsInTheWay} from './neighbours.ts'
import type {Operation} from './operation.ts'

/** How far real servers have come on their way in or out, by `drainKey`. */
export interface Progress {
	/** Those that have drained for long enough. */
	readonly expired: ReadonlySet<string>
	/** The present weights of those that start slowly. */
	readonly ramping: ReadonlyMap<string, number>
}

/** `tcp 10.96.0.10:80 10.244.1.5:8080`: a real server of a virtual server. */
export const drainKey = (server: VirtualServerKey, realServer: RealServerKey): string => `${server} ${realServer}`

/**
 * What to do about the virtual servers of these keys. One that is no longer wanted drains like a real server: it stays
 * until its connections are gone, unless it stands where somebody else is to be reached.
 */
export const planVirtualServers = (
	keys: Iterable<VirtualServerKey>,
	wanted: WantedState,
	actual: ActualState,
	{expired, ramping}: Progress,
): readonly Operation[] => {
	const operations: Operation[] = []
	for (const key of keys) {
		const want = wanted.virtualServers.get(key)
		const have = actual.virtualServers.get(key)
		if (want) {
			planSettings(operations, want, have)
			planNewRealServers(operations, {want, have}, ramping)
		}
		if (have && !want && standsInTheWay(have.server, wanted, actual)) {
			operations.push({kind: 'delete-virtual-server', server: have.server})
		} else if (have) {
			operations.push(...planOldRealServers({want, have}, wanted.fixed, actual, expired))
		}
	}
	return operations
}

const planSettings = (operations: Operation[], {server}: VirtualServerState, have: Have): void => {
	if (!have) {
		operations.push({kind: 'add-virtual-server', server})
	} else if (!isSameVirtualServer(server, have.server)) {
		operations.push({kind: 'update-virtual-server', server})
	}
}

type Have = VirtualServerState | undefined

const planNewRealServers = (
	operations: Operation[],
	{want, have}: {readonly want: VirtualServerState; readonly have: Have},
	ramping: Progress['ramping'],
): void => {
	for (const goal of want.realServers.values()) {
		const {key} = goal
		const weight = ramping.size > 0 ? ramping.get(drainKey(want.server.key, key)) : undefined
		const realServer = weight === undefined ? goal : {...goal, weight}
		const present = have?.realServers.get(key)
		if (!present) {
			operations.push({kind: 'add-real-server', server: want.server, realServer})
		} else if (!isSameRealServer(realServer, present)) {
			operations.push({kind: 'update-real-server', server: want.server, realServer})
		}
	}
}

interface OldServer {
	readonly want: VirtualServerState | undefined
	readonly have: VirtualServerState
}

/**
 * Draining is read from the kernel: weight 0 and its connections. Nothing is remembered but since when, so a restart
 * loses nothing.
 */
const planOldRealServers = (
	{want, have}: OldServer,
	fixed: FixedState,
	actual: ActualState,
	expired: ReadonlySet<string>,
): readonly Operation[] => {
	const {server} = want ?? have
	const counters = actual.counters.get(server.key)
	const old = [...have.realServers].filter(([key]) => !want?.realServers.has(key))
	const endsAtOnce = old.length > 0 && endAtOnce({want, have}, fixed, actual)
	const operations = old.flatMap(([key, realServer]): readonly Operation[] => {
		const isEnding = endsAtOnce && !want?.flows?.serving.has(key)
		const found = counters?.get(key)
		const isIdle = realServer.weight === 0 && found?.activeConnections === 0 && found.inactiveConnections === 0
		if (isIdle || expired.has(drainKey(server.key, key)) || isEnding) {
			return [{kind: 'delete-real-server', server, realServer}]
		}
		return realServer.weight === 0 ? [] : [{kind: 'drain-real-server', server, realServer: drained(realServer)}]
	})
	const isOver = operations.length === old.length && operations.every(({kind}) => kind === 'delete-real-server')
	// The kernel deletes its real servers along with it.
	return !want && isOver ? [{kind: 'delete-virtual-server', server}] : operations
}

/**
 * Flows of UDP and SCTP have no end that could be waited for, unless the Service says so; a group that has TCP as well
 * waits for that.
 */
const endAtOnce = (
	{want, have: {server}}: OldServer,
	{flowPolicy, claims}: FixedState,
	actual: ActualState,
): boolean => {
	const protocols = protocolsOf(server.listen, want?.flows?.destinations, actual, claims.masqueradeBit)
	const mayDrain = want?.drainsUDP ?? false
	return !mayDrain && protocols.size > 0 && [...protocols].every(protocol => flowPolicy.endWithRealServer.has(protocol))
}

const drained = (realServer: RealServer): RealServer => ({...realServer, weight: 0})

/** Virtual servers among these keys that are there, or have a real server, and are no longer wanted. */
export const drainingAmong = (
	keys: Iterable<VirtualServerKey>,
	wanted: WantedState,
	actual: ActualState,
): ReadonlySet<VirtualServerKey> => {
	const draining = new Set<VirtualServerKey>()
	for (const key of keys) {
		const want = wanted.virtualServers.get(key)
		const have = actual.virtualServers.get(key)
		if (
			have &&
			have !== want &&
			(!want || have.realServers.keys().some(realServer => !want.realServers.has(realServer)))
		) {
			draining.add(key)
		}
	}
	return draining
}
