import {joined} from '../compact.ts'
import type {Address, Family} from '../net/address.ts'
import type {Protocol} from '../net/protocol.ts'

export type SetType = 'hash:ip' | 'hash:ip,port' | 'hash:ip,port,ip' | 'hash:ip,port,net' | 'bitmap:port'

/** What a set is for; the names of kube-proxy without the leading `KUBE-`. */
export type SetRole = (typeof SET_ROLES)[number]['role']

/** A set of this name in the kernel. */
export type SetName = string

export interface SetDefinition {
	readonly name: SetName
	readonly type: SetType
	/** Bitmaps have no family, yet there is one for each. */
	readonly family: Family
	/** Most members that the kernel lets in (`maxelem`); a bitmap holds all 65,536 ports. */
	readonly maxElements: number
	/** Members may carry a firewall mark for a rule to set (`skbinfo`). */
	readonly hasMarks: boolean
}

/** A set as the kernel has it, of whatever type. */
export interface PresentSet extends Omit<SetDefinition, 'type'> {
	readonly type: string
}

/** The smallest and customary `maxelem`; sets grow beyond it by create-and-swap. */
export const DEFAULT_MAX_ELEMENTS = 65_536

/**
 * Member of a set in canonical text: `10.96.0.10`, `10.96.0.10,tcp:80`, `10.244.1.5,tcp:8080,10.244.1.5`, `30080`.
 * Networks as wide as a host are written without prefix length. In a set with marks the mark follows (`markedEntry`).
 */
export type SetEntry = string

/**
 * `203.0.113.5,tcp:80 skbmark 0x400001/0x43fff`, as `ipset save` writes it: a mask of all 32 bits is left out, and so
 * is a mark that sets no bit.
 */
export const markedEntry = (element: string, mark: number, mask: number): SetEntry => {
	const hex = (number: number) => `0x${(number >>> 0).toString(16)}`
	if (mask >>> 0 === ALL_BITS) {
		return `${element} skbmark ${hex(mark)}`
	}
	return mark === 0 && mask === 0 ? element : `${element} skbmark ${hex(mark)}/${hex(mask)}`
}

const ALL_BITS = 0xffff_ffff

/** What a set holds at most once, whatever its mark: the entry up to the blank. */
export const elementOf = (entry: SetEntry): string => entry.split(' ', 1)[0] ?? entry

/**
 * Names, types and comments are those of kube-proxy (kube-proxy ipvs/ipset.go): an adoption in place finds them. Those
 * that begin with LVS are our own.
 */
export const SET_ROLES = [
	{
		role: 'LOOP-BACK',
		type: 'hash:ip,port,ip',
		comment: 'Kubernetes endpoints dst ip:port, source ip for solving hairpin purpose',
	},
	{role: 'CLUSTER-IP', type: 'hash:ip,port', comment: 'Kubernetes service cluster ip + port for masquerade purpose'},
	{
		role: 'EXTERNAL-IP',
		type: 'hash:ip,port',
		comment: 'Kubernetes service external ip + port for masquerade and filter purpose',
	},
	{
		role: 'EXTERNAL-IP-LOCAL',
		type: 'hash:ip,port',
		comment: 'Kubernetes service external ip + port with externalTrafficPolicy=local',
	},
	{role: 'LOAD-BALANCER', type: 'hash:ip,port', comment: 'Kubernetes service lb portal'},
	{
		role: 'LOAD-BALANCER-FW',
		type: 'hash:ip,port',
		comment: 'Kubernetes service load balancer ip + port for load balancer with sourceRange',
	},
	{
		role: 'LOAD-BALANCER-LOCAL',
		type: 'hash:ip,port',
		comment: 'Kubernetes service load balancer ip + port with externalTrafficPolicy=local',
	},
	{
		role: 'LOAD-BALANCER-SOURCE-IP',
		type: 'hash:ip,port,ip',
		comment: 'Kubernetes service load balancer ip + port + source IP for packet filter purpose',
	},
	{
		role: 'LOAD-BALANCER-SOURCE-CIDR',
		type: 'hash:ip,port,net',
		comment: 'Kubernetes service load balancer ip + port + source cidr for packet filter purpose',
	},
	{role: 'NODE-PORT-TCP', type: 'bitmap:port', comment: 'Kubernetes nodeport TCP port for masquerade purpose'},
	{
		role: 'NODE-PORT-LOCAL-TCP',
		type: 'bitmap:port',
		comment: 'Kubernetes nodeport TCP port with externalTrafficPolicy=local',
	},
	{role: 'NODE-PORT-UDP', type: 'bitmap:port', comment: 'Kubernetes nodeport UDP port for masquerade purpose'},
	{
		role: 'NODE-PORT-LOCAL-UDP',
		type: 'bitmap:port',
		comment: 'Kubernetes nodeport UDP port with externalTrafficPolicy=local',
	},
	{
		role: 'NODE-PORT-SCTP-HASH',
		type: 'hash:ip,port',
		comment: "Kubernetes nodeport SCTP port for masquerade purpose with type 'hash ip:port'",
	},
	{
		role: 'NODE-PORT-LOCAL-SCTP-HASH',
		type: 'hash:ip,port',
		comment: "Kubernetes nodeport SCTP port with externalTrafficPolicy=local with type 'hash ip:port'",
	},
	{role: 'HEALTH-CHECK-NODE-PORT', type: 'bitmap:port', comment: 'Kubernetes health check node port'},
	{role: 'IPVS-IPS', type: 'hash:ip', comment: 'Addresses on the ipvs interface'},
	{
		role: 'LVS-INSIDE',
		type: 'hash:ip,port',
		comment: 'kube-lvs service ip + port with the firewall mark of clients inside the cluster',
		hasMarks: true,
	},
	{
		role: 'LVS-MARK',
		type: 'hash:ip,port',
		comment: 'kube-lvs service ip + port with the firewall mark of the group that serves it',
		hasMarks: true,
	},
	{
		role: 'LVS-MARK-IP',
		type: 'hash:ip',
		comment: 'kube-lvs service ip with the firewall mark of the group that serves all of it',
		hasMarks: true,
	},
	{
		role: 'LVS-LOOP-BACK',
		type: 'hash:ip',
		comment: 'kube-lvs endpoints of port ranges on this node for hairpin purpose',
	},
	{role: 'LVS-STEERED', type: 'hash:ip', comment: 'kube-lvs service ip that is not on the node'},
	{role: 'LVS-TUNNEL', type: 'hash:ip', comment: 'kube-lvs service ip served by tunnels, for shorter segments'},
] as const satisfies readonly {role: string; type: SetType; comment: string; hasMarks?: true}[]

/** The kernel's limit for a set's name (IPSET_MAXNAMELEN, linux/netfilter/ipset/ip_set.h, less the final NUL). */
const MAX_NAME_LENGTH = 31

const namesWith = (prefix: string): ReadonlyMap<SetRole, SetName> =>
	new Map(SET_ROLES.map(({role}) => [role, `${prefix}${role}`.slice(0, MAX_NAME_LENGTH)]))

/** One copy of each: very many members name their set. */
const NAMES: Readonly<Record<Family, ReadonlyMap<SetRole, SetName>>> = {
	ipv4: namesWith('KUBE-'),
	ipv6: namesWith('KUBE-6-'),
}

export const setName = (role: SetRole, family: Family): SetName => NAMES[family].get(role) ?? ''

export const setComment = (role: SetRole): string => SET_ROLES.find(set => set.role === role)?.comment ?? ''

/** All sets of both families, as they are created when empty. */
export const SET_DEFINITIONS: ReadonlyMap<SetName, SetDefinition> = new Map(
	(['ipv4', 'ipv6'] as const).flatMap(family =>
		SET_ROLES.map(set => {
			const name = setName(set.role, family)
			const definition = {name, type: set.type, family, maxElements: DEFAULT_MAX_ELEMENTS, hasMarks: 'hasMarks' in set}
			return [name, definition] as const
		}),
	),
)

/** `10.96.0.10,tcp:80`, for sets of type hash:ip,port. */
export const addressPortEntry = (address: Address, protocol: Protocol, port: number): SetEntry =>
	joined(address, ',', protocol, ':', port)
