import {NONE} from '../compact.ts'
import {type Address, familyOf} from '../net/address.ts'
import type {Protocol} from '../net/protocol.ts'
import {addressPortEntry, elementOf, type SetEntry, type SetName, setName} from '../state/ipset.ts'
import {type VirtualServer, type VirtualServerKey, virtualServerKey} from '../state/ipvs.ts'
import type {ActualState, FixedState, Scope, WantedState} from '../state/node-state.ts'
import {markedEntries} from './marked.ts'
import {isNeighbours} from './neighbours.ts'
import type {Operation} from './operation.ts'
import {isOurs} from './ownership.ts'
import {destinationOf, entriesAt} from './set-entries.ts'

/**
 * What a virtual server still needs that is no longer wanted and only drains: where it is reached, and by whom. Nothing of
 * that is where another one serves by now: new clients are its, and the kernel knows connections without any mark.
 */
export interface Kept {
	readonly vips: ReadonlySet<Address>
	/** Members, or their beginnings: an address, `10.96.0.10,tcp:80`, the number of a port. */
	readonly entries: ReadonlySet<string>
}

/** Virtual servers among these keys that are not wanted and stay all the same, after these operations. */
export const lingeringAmong = (
	keys: Iterable<VirtualServerKey>,
	wanted: WantedState,
	actual: ActualState,
	operations: readonly Operation[],
): readonly VirtualServer[] => {
	const lingering = new Map<VirtualServerKey, VirtualServer>()
	for (const key of keys) {
		const have = actual.virtualServers.get(key)
		if (have && !wanted.virtualServers.has(key)) {
			lingering.set(key, have.server)
		}
	}
	for (const operation of lingering.size > 0 ? operations : []) {
		if (operation.kind === 'delete-virtual-server') {
			lingering.delete(operation.server.key)
		}
	}
	return [...lingering.values()]
}

/** Virtual servers that nobody would know as ours once these members are gone, and that are to go, too. */
export const witnessedBy = (
	operations: readonly Operation[],
	wanted: WantedState,
	actual: ActualState,
): readonly VirtualServerKey[] => {
	const gone = new Set<SetEntry>()
	for (const operation of operations) {
		if (operation.kind === 'delete-set-entry') {
			gone.add(operation.entry)
		}
	}
	if (gone.size === 0) {
		return NONE
	}
	const keys = new Set([...gone].flatMap(entry => keysOf(entry, actual)))
	return [...keys].filter(key => {
		const server = actual.virtualServers.get(key)?.server
		return server && !wanted.virtualServers.has(key) && isOurs(server, actual, wanted.fixed.claims)
	})
}

/** Virtual servers that this member may tell of. A node port does at addresses of the node; elsewhere it only drains. */
const keysOf = (entry: SetEntry, {hostAddresses}: ActualState): readonly VirtualServerKey[] =>
	/^\d+$/.test(entry)
		? [...hostAddresses].flatMap(address =>
				(['tcp', 'udp'] as const).map(protocol => keyOf(protocol, address, Number(entry))),
			)
		: serverAt(entry)

/** `tcp 10.96.0.10:80` for `10.96.0.10,tcp:80`. */
const serverAt = (destination: string): readonly VirtualServerKey[] => {
	const [address, service] = destination.split(',') as [Address, string?]
	const [protocol, port] = (service ?? '').split(':')
	return port === undefined ? [] : [keyOf(protocol as Protocol, address, Number(port))]
}

const keyOf = (protocol: Protocol, address: Address, port: number): VirtualServerKey =>
	virtualServerKey({kind: 'address', protocol, address, port})

/** After these operations. */
export const keptBy = (
	servers: readonly VirtualServer[],
	wanted: WantedState,
	actual: ActualState,
	operations: readonly Operation[],
): Kept => {
	if (servers.length === 0) {
		return NOTHING
	}
	const replaced = new Set(operations.flatMap(op => (op.kind === 'add-set-entry' ? (op.replaces ?? []) : [])))
	const {masqueradeBit} = wanted.fixed.claims
	const destinations = servers.flatMap(server => destinationsOf(server, actual, masqueradeBit, replaced))
	return reachOf(destinations.filter(entry => !isServed(entry, wanted)))
}

const NOTHING: Kept = {vips: new Set(), entries: new Set()}

const reachOf = (elements: readonly SetEntry[]): Kept => {
	const vips = new Set<Address>()
	const entries = new Set<string>()
	for (const element of elements) {
		const [address = '', port = ''] = element.split(',')
		vips.add(address as Address)
		for (const text of [address, element, port.split(':')[1] ?? '']) {
			entries.add(text)
		}
	}
	return {vips, entries}
}

/**
 * All that leads to virtual servers of marks where something drains. No other scope has it once such a one is wanted
 * again for other ports, or once somebody else serves a port that it had: the mark would win over that.
 */
export const reachOfMarks = (
	keys: Iterable<VirtualServerKey>,
	wanted: WantedState,
	actual: ActualState,
): Omit<Scope, 'virtualServers'> => {
	const {masqueradeBit} = wanted.fixed.claims
	const elements = [...new Set(keys)].flatMap(key => {
		const listen = actual.virtualServers.get(key)?.server.listen
		return listen?.kind === 'firewall-mark' ? markedEntries(listen, actual, masqueradeBit).map(elementOf) : []
	})
	return scopeOfKept(reachOf(elements), wanted.fixed, actual)
}

/**
 * Of that, what may wait: not an address that is somebody else's by now, nor the binding of one of this node's own, or of
 * one whose packets are steered: its new clients would have no answer.
 */
export const whatMayWait = ({vips, entries}: Kept, wanted: WantedState, actual: ActualState): Kept => {
	const isLost = (address: Address) => isNeighbours(address, wanted, actual)
	return {
		vips: new Set(
			[...vips].filter(
				address => !isLost(address) && !actual.hostAddresses.has(address) && !isSteered(address, wanted),
			),
		),
		entries: new Set(
			[...entries].filter(entry => {
				const [address, rest] = entry.split(',') as [Address, string?]
				return !isLost(address) && (rest !== undefined || !actual.hostAddresses.has(address))
			}),
		),
	}
}

const isSteered = (address: Address, {members}: WantedState): boolean =>
	members.get(setName('LVS-STEERED', familyOf(address)))?.has(address) ?? false

/** Not to be carried out as long as something drains that needs its object. */
export const isHeldUp = (operation: Operation, kept: Kept): boolean =>
	(operation.kind === 'unbind-vip' && kept.vips.has(operation.address)) ||
	(operation.kind === 'delete-set-entry' && isKept(operation.entry, kept))

/** What nobody looks at any more once these virtual servers are gone. */
export const scopeOfKept = (kept: Kept, fixed: FixedState, actual: ActualState): Omit<Scope, 'virtualServers'> => {
	const members = new Map<SetName, ReadonlySet<SetEntry>>()
	for (const name of fixed.sets.keys()) {
		const set = actual.sets.get(name)
		members.set(name, new Set(set && [...kept.entries].flatMap(destination => [...entriesAt(set, destination)])))
	}
	return {vips: kept.vips, members}
}

const isKept = (entry: SetEntry, {entries}: Kept): boolean => entries.has(entry) || entries.has(destinationOf(entry))

/** Another virtual server is wanted for `10.96.0.10,tcp:80`, or any for the whole address `10.96.0.10`. */
const isServed = (entry: SetEntry, wanted: WantedState): boolean => {
	const [address, service] = entry.split(',') as [Address, string?]
	if (service === undefined) {
		return wanted.vips.has(address) || isSteered(address, wanted)
	}
	return serverAt(entry).some(key => wanted.virtualServers.has(key))
}

/** `10.96.0.10,tcp:80`; for a firewall mark, what leads to it and goes on to do so, perhaps whole addresses. */
const destinationsOf = (
	{listen}: VirtualServer,
	actual: ActualState,
	masqueradeBit: number,
	replaced: ReadonlySet<SetEntry>,
): readonly SetEntry[] => {
	if (listen.kind === 'address') {
		return [addressPortEntry(listen.address, listen.protocol, listen.port)]
	}
	return markedEntries(listen, actual, masqueradeBit)
		.filter(entry => !replaced.has(entry))
		.map(elementOf)
}
