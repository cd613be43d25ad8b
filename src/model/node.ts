import type {Address} from '../net/address.ts'
import type {Prefix} from '../net/prefix.ts'

/** The fields of a Node (core/v1) that a service proxy reads. */
export interface Node {
	readonly name: string
	/** Label `topology.kubernetes.io/zone`; empty when it is absent. */
	readonly zone: string
	/** `status.addresses`: every InternalIP first, then every ExternalIP. */
	readonly addresses: readonly Address[]
	readonly podCIDRs: readonly Prefix[]
	/** It has a deletionTimestamp. */
	readonly deleting: boolean
	/** Keys of `spec.taints`. */
	readonly taints: readonly string[]
	/** Only those under `kube-lvs.io/`. */
	readonly annotations: ReadonlyMap<string, string>
}
