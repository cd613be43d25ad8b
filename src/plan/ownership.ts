import {familyOf} from '../net/address.ts'
import {type Prefix, prefixContains} from '../net/prefix.ts'
import type {Protocol} from '../net/protocol.ts'
import {addressPortEntry, type SetEntry, type SetRole, setName} from '../state/ipset.ts'
import type {VirtualServer} from '../state/ipvs.ts'
import {isOurMark} from '../state/mark.ts'
import type {ActualState, Claims, ServiceTables} from '../state/node-state.ts'

/** Sets whose members name a virtual server of ours by address, protocol and port. */
const SERVED: readonly SetRole[] = [
	'CLUSTER-IP',
	'EXTERNAL-IP',
	'EXTERNAL-IP-LOCAL',
	'LOAD-BALANCER',
	'NODE-PORT-SCTP-HASH',
	'NODE-PORT-LOCAL-SCTP-HASH',
]

/**
 * Sets that know a node port by its number alone. It counts on any address: a virtual server stays ours when the node
 * loses the address, whoever lost it and whenever, and the cluster has set the number aside for itself on every one.
 */
const NODE_PORTS: Readonly<Record<Protocol, readonly SetRole[]>> = {
	tcp: ['NODE-PORT-TCP', 'NODE-PORT-LOCAL-TCP'],
	udp: ['NODE-PORT-UDP', 'NODE-PORT-LOCAL-UDP'],
	sctp: [],
}

/**
 * A virtual server in the kernel is ours when its VIP is bound to our device or lies in a Service network, when a set of
 * ours has it as a member, or when its firewall mark is one of ours. `wanted` says what is about to be so: otherwise a
 * stray one would be ours only after the plan is carried out. Members are added before and deleted after their virtual
 * server, so that this holds at whatever moment a process was killed. Those in excluded networks are never ours.
 */
export const isOurs = (
	{listen}: VirtualServer,
	actual: ActualState,
	claims: Claims,
	wanted?: ServiceTables,
): boolean => {
	if (listen.kind === 'firewall-mark') {
		return isOurMark(listen.mark, claims.masqueradeBit)
	}
	const {address, protocol, port} = listen
	const isIn = (networks: readonly Prefix[]) => networks.some(prefix => prefixContains(prefix, address))
	if (isIn(claims.excluded)) {
		return false
	}
	const family = familyOf(address)
	const hasMember = (role: SetRole, entry: string) => {
		const name = setName(role, family)
		return actual.sets.get(name)?.entries.has(entry) || wanted?.members.get(name)?.has(entry) || false
	}
	return (
		actual.bindings.has(address) ||
		wanted?.vips.has(address) ||
		isIn(claims.serviceNetworks) ||
		SERVED.some(role => hasMember(role, addressPortEntry(address, protocol, port))) ||
		NODE_PORTS[protocol].some(role => hasMember(role, String(port)))
	)
}

/** The set members, in whatever set, that tell that a virtual server is ours. */
export const evidenceOf = ({listen}: VirtualServer): readonly SetEntry[] =>
	listen.kind === 'address' ? [addressPortEntry(listen.address, listen.protocol, listen.port), String(listen.port)] : []
