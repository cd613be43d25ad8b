import {isOurs} from '../plan/ownership.ts'
import {SET_DEFINITIONS} from '../state/ipset.ts'
import type {ConnectionLimits, ForwardingMethod, Listen, Tunnel, VirtualServerState} from '../state/ipvs.ts'
import type {ActualState, Claims} from '../state/node-state.ts'

/** What the kernel holds, in the terms of those who operate it. */
export interface Status {
	readonly virtualServers: readonly VirtualServerStatus[]
	readonly vips: readonly {readonly address: string; readonly binding: string}[]
	/** The rules and routes that steer marked packets to this node, as their keys say. */
	readonly steering: readonly string[]
	readonly sets: readonly {readonly name: string; readonly type: string; readonly members: number}[]
	/** Never changed by us. */
	readonly foreign: {readonly virtualServers: readonly VirtualServerStatus[]; readonly sets: readonly string[]}
}

export interface VirtualServerStatus {
	readonly name: string
	/** What it listens on, part by part. */
	readonly listen: Listen
	readonly scheduler: string
	readonly persistenceSeconds: number | undefined
	/** `namespace/name`; undefined when it is not known. */
	readonly service: string | undefined
	readonly realServers: readonly RealServerStatus[]
}

export interface RealServerStatus {
	readonly name: string
	readonly forwarding: ForwardingMethod
	readonly weight: number
	/** Of one by tunnel that is not plain. */
	readonly tunnel?: Tunnel
	readonly limits?: ConnectionLimits
	readonly activeConnections: number
	readonly inactiveConnections: number
}

/** `owners` maps the keys of virtual servers to Services. */
export const describeStatus = (actual: ActualState, owners: ReadonlyMap<string, string>, claims: Claims): Status => {
	const all = [...actual.virtualServers.values()].sort((a, b) => (a.server.key < b.server.key ? -1 : 1))
	const describe = (state: VirtualServerState) => describeVirtualServer(state, actual, owners)
	return {
		virtualServers: all.filter(({server}) => isOurs(server, actual, claims)).map(describe),
		vips: [...actual.bindings].map(([address, binding]) => ({address, binding})).sort(byText(vip => vip.address)),
		steering: [...actual.steering.keys()].sort(),
		sets: [...actual.sets.values()]
			.filter(({definition}) => SET_DEFINITIONS.has(definition.name))
			.map(({definition: {name, type}, entries}) => ({name, type, members: entries.size})),
		foreign: {
			virtualServers: all.filter(({server}) => !isOurs(server, actual, claims)).map(describe),
			sets: [...actual.sets.keys()].filter(name => !SET_DEFINITIONS.has(name)),
		},
	}
}

const describeVirtualServer = (
	{server, realServers}: VirtualServerState,
	actual: ActualState,
	owners: ReadonlyMap<string, string>,
): VirtualServerStatus => ({
	name: server.key,
	listen: server.listen,
	scheduler: server.scheduler,
	persistenceSeconds: server.persistence?.timeoutSeconds,
	service: owners.get(server.key),
	realServers: [...realServers.values()]
		.map(({key, forwarding, weight, tunnel, limits}) => {
			const counters = actual.counters.get(server.key)?.get(key)
			return {
				name: key,
				forwarding,
				weight,
				...(tunnel && {tunnel}),
				...(limits && {limits}),
				activeConnections: counters?.activeConnections ?? 0,
				inactiveConnections: counters?.inactiveConnections ?? 0,
			}
		})
		.sort(byText(realServer => realServer.name)),
})

const byText =
	<Item>(textOf: (item: Item) => string) =>
	(a: Item, b: Item): number =>
		textOf(a) < textOf(b) ? -1 : 1
