import {joined} from '../compact.ts'
import {isLocal} from '../model/chosen-endpoints.ts'
import type {PortEndpoint} from '../model/endpoints.ts'
import {familyOf} from '../net/address.ts'
import type {Protocol} from '../net/protocol.ts'
import {addressPortEntry, type SetRole, setName} from '../state/ipset.ts'
import type {SetMember} from '../state/service-state.ts'
import type {Vip, VipKind} from './addresses.ts'

/** The sets of a node port depend on its protocol: there is no bitmap for SCTP. */
const NODE_PORT_SETS = {
	tcp: ['NODE-PORT-TCP', 'NODE-PORT-LOCAL-TCP'],
	udp: ['NODE-PORT-UDP', 'NODE-PORT-LOCAL-UDP'],
	sctp: ['NODE-PORT-SCTP-HASH', 'NODE-PORT-LOCAL-SCTP-HASH'],
} as const satisfies Record<Protocol, readonly SetRole[]>

/** The first set asks for masquerading, the second one takes that back; an external IP is in one of the two. */
const setsOf = (kind: VipKind, protocol: Protocol, isLocal: boolean): readonly SetRole[] => {
	switch (kind) {
		case 'cluster-ip':
			return ['CLUSTER-IP']
		case 'external-ip':
			return [isLocal ? 'EXTERNAL-IP-LOCAL' : 'EXTERNAL-IP']
		case 'load-balancer':
			return isLocal ? ['LOAD-BALANCER', 'LOAD-BALANCER-LOCAL'] : ['LOAD-BALANCER']
		case 'node-port':
			return NODE_PORT_SETS[protocol].slice(0, isLocal ? 2 : 1)
		default:
			return kind satisfies never
	}
}

/** What the fixed rules have to know of one VIP; `isLocal` for externalTrafficPolicy Local. */
export const vipMembers = (
	{kind, address, port, isBound}: Vip,
	protocol: Protocol,
	isLocal: boolean,
): readonly SetMember[] => {
	const family = familyOf(address)
	const isBitmap = kind === 'node-port' && protocol !== 'sctp'
	const entry = isBitmap ? String(port) : addressPortEntry(address, protocol, port)
	return [
		...setsOf(kind, protocol, isLocal).map(role => ({set: setName(role, family), entry})),
		...(isBound ? [{set: setName('IPVS-IPS', family), entry: address}] : []),
	]
}

/** Local endpoints that may be balanced to themselves, ready or not: their own address must be masqueraded then. */
export const hairpinMembers = (
	endpoints: readonly PortEndpoint[],
	protocol: Protocol,
	nodeName: string,
): readonly SetMember[] =>
	endpoints
		.filter(endpoint => isLocal(endpoint, nodeName))
		.map(({address, port}) => ({
			set: setName('LOOP-BACK', familyOf(address)),
			entry: joined(addressPortEntry(address, protocol, port), ',', address),
		}))
