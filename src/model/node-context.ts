import type {Address, Family} from '../net/address.ts'
import type {SocketAddress} from '../net/socket-address.ts'

/** What of this node, and of what lies around it, bears on how a Service is served. */
export interface NodeContext {
	readonly name: string
	/** Empty when the Node has no zone label or is not known. */
	readonly zone: string
	/** In which families this node serves. */
	readonly families: readonly Family[]
	/** The node's first address of each family, as its Node says. */
	readonly primaryAddresses: readonly Address[]
	/** Where node ports listen. */
	readonly nodePortAddresses: readonly Address[]
	/** Addresses on interfaces other than the dummy device: served, but never bound again. */
	readonly ownAddresses: ReadonlySet<Address>
	/** Addresses of all other Nodes, which serve them themselves. */
	readonly otherNodes: ReadonlySet<Address>
	/** The next hops of this node's routes. */
	readonly gateways: ReadonlySet<Address>
	/** Where API servers answer: `192.0.2.1:6443`. */
	readonly apiServers: readonly SocketAddress[]
	/** What Services may ask for and this node's kernel is known not to have. */
	readonly lacking: ReadonlySet<Feature>
	/** By node name: how much of the new connections its endpoints get; absent for those whose Node does not say. */
	readonly nodeWeights: ReadonlyMap<string, number>
}

/** Something that not every kernel has: `scheduler twos`, `engine sip`, `tunnel gue`, `tunnel checksum`. */
export type Feature = `scheduler ${string}` | `engine ${string}` | `tunnel ${string}` | 'policy rules'
