import type {Address, Family} from '../net/address.ts'
import type {SetEntry, SetName} from './ipset.ts'
import type {VirtualServerState} from './ipvs.ts'

/** What one Service asks of the kernel, computed without a look at any other Service. */
export interface ServiceState {
	readonly owner: Owner
	readonly listeners: readonly Listener[]
	/** Members that do not depend on any listener, such as the endpoints' hairpin entries. */
	readonly members: readonly SetMember[]
	readonly healthChecks?: readonly HealthCheck[]
	readonly unserved?: readonly Unserved[]
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
}

export interface SetMember {
	readonly set: SetName
	readonly entry: SetEntry
}

/** What a load balancer is told that asks whether this node has endpoints of a Service. */
export interface HealthCheck {
	readonly family: Family
	readonly port: number
	readonly namespace: string
	readonly name: string
	/** Distinct addresses of ready endpoints on this node. */
	readonly localEndpoints: number
}

/** A service port with endpoints elsewhere, but none on this node, though its traffic policy is Local. */
export interface Unserved {
	readonly family: Family
	readonly policy: 'internal' | 'external'
}
