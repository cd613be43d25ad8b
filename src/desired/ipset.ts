import type {PortEndpoint} from '../model/endpoints.ts'
import {familyOf} from '../net/address.ts'
import type {Protocol} from '../net/protocol.ts'
import {addressPortEntry, type SetRole, setName} from '../state/ipset.ts'
import type {SetMember} from '../state/service-state.ts'
import type {Vip, VipKind} from './addresses.ts'

/** The set of a node port depends on its protocol: there is no bitmap for SCTP. */
const NODE_PORT_SETS = {
	tcp: 'NODE-PORT-TCP',
	udp: 'NODE-PORT-UDP',
	sctp: 'NODE-PORT-SCTP-HASH',
} as const satisfies Record<Protocol, SetRole>

const VIP_SETS = {
	'cluster-ip': 'CLUSTER-IP',
	'external-ip': 'EXTERNAL-IP',
	'load-balancer': 'LOAD-BALANCER',
} as const satisfies Record<Exclude<VipKind, 'node-port'>, SetRole>

/** What the fixed rules have to know of one VIP. */
export const vipMembers = ({kind, address, port, isBound}: Vip, protocol: Protocol): readonly SetMember[] => {
	const family = familyOf(address)
	if (kind === 'node-port') {
		const entry = protocol === 'sctp' ? addressPortEntry(address, protocol, port) : String(port)
		return [{set: setName(NODE_PORT_SETS[protocol], family), entry}]
	}
	const served = {set: setName(VIP_SETS[kind], family), entry: addressPortEntry(address, protocol, port)}
	return isBound ? [served, {set: setName('IPVS-IPS', family), entry: address}] : [served]
}

/** Local endpoints that may be balanced to themselves, ready or not: their own address must be masqueraded then. */
export const hairpinMembers = (
	endpoints: readonly PortEndpoint[],
	protocol: Protocol,
	nodeName: string,
): readonly SetMember[] =>
	endpoints
		.filter(endpoint => endpoint.nodeName === nodeName && nodeName !== '')
		.map(({address, port}) => ({
			set: setName('LOOP-BACK', familyOf(address)),
			entry: `${addressPortEntry(address, protocol, port)},${address}`,
		}))
