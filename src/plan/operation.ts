import type {Address} from '../net/address.ts'
import type {Binding} from '../state/addresses.ts'
import type {FlowFilter} from '../state/conntrack.ts'
import type {PresentSet, SetDefinition, SetEntry, SetName} from '../state/ipset.ts'
import type {Jump, Ruleset} from '../state/iptables.ts'
import type {RealServer, VirtualServer} from '../state/ipvs.ts'
import type {SteeringPart} from '../state/steering.ts'
import type {Sysctl} from '../state/sysctl.ts'

/** Every change that is ever made to a kernel is one of these. */
export type Operation =
	| {readonly kind: 'set-sysctl'; readonly sysctl: Sysctl}
	| {readonly kind: 'create-device'}
	| {
			readonly kind: 'create-set'
			readonly definition: SetDefinition
			/** How many it will have, where room for them is better made at once. */
			readonly members?: number
	  }
	/**
	 * The chains of ours in one family for the moment without the rules that name sets which have to be destroyed: as
	 * long as a rule names a set, it can neither be destroyed nor renamed, and only sets of one type can be swapped.
	 */
	| {readonly kind: 'release-sets'; readonly ruleset: Ruleset}
	/** A set of another size or layout, filled anew and swapped in. */
	| {
			readonly kind: 'replace-set'
			readonly definition: SetDefinition
			readonly entries: readonly SetEntry[]
			/** What has the name now, is of another type or family, and has to be destroyed first. */
			readonly unlike?: PresentSet
	  }
	/** All chains of ours in one family as they should be, and the jumps that are missing. */
	| {
			/** Taking over is a restore over rules of kube-proxy's iptables mode that Services are still served by. */
			readonly kind: 'restore-rules' | 'take-over-rules'
			readonly ruleset: Ruleset
			readonly missing: readonly Jump[]
	  }
	| {
			readonly kind: 'add-set-entry'
			readonly definition: SetDefinition
			readonly entry: SetEntry
			/** The same element with another mark, which this one takes the place of. */
			readonly replaces?: SetEntry
	  }
	| {readonly kind: 'delete-set-entry'; readonly definition: SetDefinition; readonly entry: SetEntry}
	| {
			readonly kind: 'add-virtual-server' | 'update-virtual-server' | 'delete-virtual-server'
			readonly server: VirtualServer
	  }
	| {
			/** Draining is an update to weight 0: no new connections, the present ones go on. */
			readonly kind: 'add-real-server' | 'update-real-server' | 'drain-real-server' | 'delete-real-server'
			readonly server: VirtualServer
			readonly realServer: RealServer
	  }
	| {readonly kind: 'bind-vip' | 'unbind-vip'; readonly address: Address; readonly binding: Binding}
	| {readonly kind: 'create-steering' | 'delete-steering'; readonly part: SteeringPart}
	| {readonly kind: 'delete-flows'; readonly flow: FlowFilter}
	/** Chains and jumps that kube-proxy has left behind and nobody uses. */
	| {readonly kind: 'remove-leftovers'; readonly ruleset: Ruleset}
	/** What is there of our jumps and chains. */
	| {readonly kind: 'remove-rules'; readonly ruleset: Ruleset}
	| {readonly kind: 'destroy-set'; readonly name: SetName}
	| {readonly kind: 'delete-device'}

/** Done over netlink to a virtual server or one of its real servers. */
export type IpvsOperation = Extract<Operation, {readonly server: VirtualServer}>

export type OperationKind = Operation['kind']

/**
 * The order in which operations are applied, whatever order they were found in:
 *
 * 1. Kernel settings, the device and the sets come first: a set exists before a rule names it.
 * 2. The fixed rules, masquerade above all, and the set members stand before the first virtual server: no packet is
 *    balanced that netfilter does not know how to treat.
 * 3. A virtual server has its real servers before its VIP is bound, or packets get its mark: no client is refused by a
 *    server that is only half there. Its settings change after its real servers: the flag that says that they have limits is not gone before
 *    the limits are. Marked packets are steered to the node before that: nobody has their address.
 *    Where the rules of kube-proxy's iptables mode serve, though, they go on doing so until the last VIP is bound: they
 *    see each packet before IPVS does, and are replaced in one step.
 * 4. Whatever goes, goes after what comes, because the kernel scans its list of deleted real servers with each new
 *    one; and in the reverse order: VIP, real servers, virtual server, set members last, which tell until the end
 *    that the virtual server is ours. What steers marked packets goes when nothing marks them any more.
 * 5. Tracked flows go when their new targets stand, and what kube-proxy left behind when our rules do.
 * 6. The frame itself goes at clean-up only: the device with all its VIPs at their place, a set after the rules that
 *    name it.
 */
export const APPLY_ORDER = [
	'set-sysctl',
	'create-device',
	'release-sets',
	'create-set',
	'replace-set',
	'restore-rules',
	'create-steering',
	'add-set-entry',
	'add-virtual-server',
	'add-real-server',
	'update-real-server',
	'update-virtual-server',
	'lead-to-marks',
	'bind-vip',
	'take-over-rules',
	'unbind-vip',
	'delete-device',
	'drain-real-server',
	'delete-real-server',
	'delete-virtual-server',
	'delete-set-entry',
	'delete-steering',
	'delete-flows',
	'remove-leftovers',
	'remove-rules',
	'destroy-set',
] as const satisfies readonly Step[]

/** An operation's place in that order: its kind, but for set members that give packets the mark of a virtual server. */
export type Step = OperationKind | 'lead-to-marks'

export const stepOf = (operation: Operation): Step =>
	operation.kind === 'add-set-entry' && operation.definition.hasMarks ? 'lead-to-marks' : operation.kind

/** What everything else stands on: when one of these fails, the rest of the plan waits. */
export const FOUNDATION: ReadonlySet<OperationKind> = new Set([
	'create-device',
	'release-sets',
	'create-set',
	'replace-set',
	'restore-rules',
])
