import type {Address, Family} from '../net/address.ts'
import type {Prefix} from '../net/prefix.ts'
import type {SocketAddress} from '../net/socket-address.ts'
import type {Binding} from './addresses.ts'
import type {FlowPolicy} from './conntrack.ts'
import type {PresentSet, SetDefinition, SetEntry, SetName} from './ipset.ts'
import type {Ruleset, SavedTables} from './iptables.ts'
import type {Counters, RealServerKey, VirtualServerKey, VirtualServerState} from './ipvs.ts'
import type {ReadonlyKeys} from './readonly-keys.ts'
import type {SteeringKey, SteeringPart} from './steering.ts'
import type {Sysctl} from './sysctl.ts'

/** What follows from the Services. */
export interface ServiceTables {
	readonly virtualServers: ReadonlyMap<VirtualServerKey, VirtualServerState>
	readonly vips: ReadonlyKeys<Address>
	readonly members: ReadonlyMap<SetName, ReadonlyKeys<SetEntry>>
	/** Families in which packets of a mark are to be delivered to this node whatever their address. */
	readonly steered: ReadonlyKeys<Family>
}

/** What follows from the configuration and the node alone; it has the same size for any number of Services. */
export interface FixedState {
	readonly sets: ReadonlyMap<SetName, SetDefinition>
	readonly rulesets: readonly Ruleset[]
	readonly sysctls: readonly Sysctl[]
	readonly flowPolicy: FlowPolicy
	readonly claims: Claims
}

/** By what, besides bindings and set members, a virtual server in the kernel is known to be ours. */
export interface Claims {
	/** Never ours, whatever else says so. */
	readonly excluded: readonly Prefix[]
	/** Networks of ClusterIPs: nobody else has an address there. */
	readonly serviceNetworks: readonly Prefix[]
	/** The bit of the packet mark that asks for masquerading; our firewall marks are laid around it. */
	readonly masqueradeBit: number
}

/** Whom the node must reach, whatever stood at their addresses before they were known. */
export interface Neighbours {
	/** Addresses of all other Nodes. */
	readonly nodes: ReadonlySet<Address>
	/** Where API servers answer. */
	readonly apiServers: readonly SocketAddress[]
}

export interface WantedState extends ServiceTables {
	readonly fixed: FixedState
	readonly neighbours: Neighbours
}

/** What the kernel holds, ours and foreign. */
export interface ActualState {
	readonly virtualServers: ReadonlyMap<VirtualServerKey, VirtualServerState>
	readonly counters: ReadonlyMap<VirtualServerKey, ReadonlyMap<RealServerKey, Counters>>
	/** The dummy device exists. */
	readonly hasDevice: boolean
	readonly bindings: ReadonlyMap<Address, Binding>
	/** Those of ours, current and from before. */
	readonly steering: ReadonlyMap<SteeringKey, SteeringPart>
	readonly sets: ReadonlyMap<SetName, ActualSet>
	readonly tables: ReadonlyMap<Family, SavedTables>
	/** By path; a setting that this kernel does not have is absent. */
	readonly sysctls: ReadonlyMap<string, string>
	/** Addresses on every other interface. */
	readonly hostAddresses: ReadonlySet<Address>
	/** Next hops of the node's routes. */
	readonly gateways: ReadonlySet<Address>
}

export interface ActualSet {
	readonly definition: PresentSet
	/** None of a set of a type that we do not use. */
	readonly entries: ReadonlySet<SetEntry>
}

/** The keys that one sync looks at. */
export interface Scope {
	readonly virtualServers: ReadonlySet<VirtualServerKey>
	readonly vips: ReadonlySet<Address>
	readonly members: ReadonlyMap<SetName, ReadonlySet<SetEntry>>
}
