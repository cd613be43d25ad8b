import type {Config} from '../config/fields.ts'
import type {PortEndpoint} from '../model/endpoints.ts'
import {objectKey} from '../model/object.ts'
import {familyOf} from '../net/address.ts'
import type {Protocol} from '../net/protocol.ts'
import {addressPortEntry, markedEntry, setName} from '../state/ipset.ts'
import {encodeMark, hashedNumber, markMask} from '../state/mark.ts'
import type {Listener, SetMember} from '../state/service-state.ts'
import type {Vip} from './addresses.ts'
import {serverStateOf} from './ipvs.ts'
import type {PortContext} from './port-context.ts'

/**
 * The second face of a service port with externalTrafficPolicy Local: clients inside the cluster reach all endpoints of
 * the addresses on which clients outside reach those of this node. A firewall mark tells the two apart; it is set by a
 * fixed rule from the members of one set.
 */
export const insideListener = (
	context: PortContext,
	endpoints: readonly PortEndpoint[],
	destinations: readonly Vip[],
): Listener => {
	const {service, port, family, config} = context
	const {protocol, nodePort} = port
	const name = `${objectKey(service.namespace, service.name)}:${port.name}`
	const number = nodePort === 0 ? hashedNumber(name) : nodePort
	const mark = encodeMark({kind: 'inside', protocol, isHashed: nodePort === 0, number}, config.masqueradeBit)
	const state = serverStateOf(
		context,
		{kind: 'firewall-mark', family, mark},
		endpoints,
		destinations.map(({address, port}) => ({protocol, address, port})),
	)
	return {state, vip: undefined, members: []}
}

/** Gives packets from inside to this VIP the mark of that listener. */
export const insideMember = (
	{address, port}: Vip,
	protocol: Protocol,
	{state}: Listener,
	{masqueradeBit}: Config,
): SetMember => {
	const {listen} = state.server
	const mark = listen.kind === 'firewall-mark' ? listen.mark : 0
	return {
		set: setName('LVS-INSIDE', familyOf(address)),
		entry: markedEntry(addressPortEntry(address, protocol, port), mark, markMask('inside', masqueradeBit)),
	}
}
