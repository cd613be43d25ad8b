import type {Prefix} from '../net/prefix.ts'

/** The fields of a ServiceCIDR (networking.k8s.io/v1) that a service proxy reads: where ClusterIPs are taken from. */
export interface ServiceCIDR {
	readonly name: string
	readonly networks: readonly Prefix[]
}
