import type {Address, Family} from '../net/address.ts'
import type {SetEntry, SetName} from './ipset.ts'
import type {VirtualServerKey, VirtualServerState} from './ipvs.ts'
import type {Span} from './span.ts'

/** What one Service asks of the kernel, computed without a look at any other Service. */
export interface ServiceState {
	readonly owner: Owner
	readonly listeners: readonly Listener[]
	/** Ports that lead to listeners of a firewall mark. */
	readonly spans?: readonly Span[]
	/** Members that do not depend on any listener, such as the endpoints' hairpin entries. */
	readonly members: readonly SetMember[]
	/** What load balancers may ask this node about; at most one for each family. */
	readonly healthChecks: readonly HealthCheck[]
	/** Policies by which only endpoints of this node are wanted, while there are only others. */
	readonly noLocalEndpoints: readonly NoLocalEndpoints[]
}

/** A health-check node port, and the number of addresses of ready endpoints on this node, over all service ports. */
export interface HealthCheck {
	readonly family: Family
	readonly port: number
	readonly namespace: string
	readonly name: string
	/** Of the Service; empty where the source has none. */
	readonly uid: string
	readonly localEndpoints: number
}

export interface NoLocalEndpoints {
	readonly family: Family
	readonly policy: 'internal' | 'external'
}

/** Who asks: `namespace/name`, and since when (milliseconds since 1970). */
export interface Owner {
	readonly key: string
	readonly createdAt: number
}

/** One virtual server and what stands or falls with it: two Services may claim it, one holds it. */
export interface Listener {
	readonly state: VirtualServerState
	/** To be made local to the node; undefined where the address is the node's own or there is none. */
	readonly vip: Address | undefined
	readonly members: readonly SetMember[]
	/** Its packets are delivered to this node by their mark alone: the node has none of their addresses. */
	readonly steered?: true
	/** Leads clients inside the cluster to another virtual server; in effect only while its owner holds both. */
	readonly inside?: {readonly server: VirtualServerKey; readonly member: SetMember}
}

export interface SetMember {
	readonly set: SetName
	readonly entry: SetEntry
}
