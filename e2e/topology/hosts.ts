/** What a topology is made of. Every host is a network namespace inside the test kernel. */
export interface Host {
	readonly name: string
	readonly namespace: string
	readonly addresses: Addresses
}

export interface Addresses {
	readonly ipv4: string
	readonly ipv6: string
}

export interface Pod extends Host {
	readonly node: string
}

export interface Node extends Host {
	readonly podCidrs: Addresses
	/** The node's own address towards its pods: their gateway. */
	readonly podGateway: Addresses
}

export interface TopologySpec {
	/** Begins every namespace's name, so that two topologies can stand side by side. */
	readonly name: string
	readonly nodes: readonly {readonly name: string; readonly pods?: readonly string[]}[]
	/** Hosts outside the cluster: they reach node addresses, and service addresses by way of the first node. */
	readonly clients?: readonly string[]
}

export const FAMILIES = ['ipv4', 'ipv6'] as const
export type Family = (typeof FAMILIES)[number]
