import type {ServiceSettings} from '../annotations/fields.ts'
import {ignoredAnnotation} from '../annotations/read.ts'
import type {Problem} from '../model/problem.ts'
import type {Service} from '../model/service.ts'
import {PLAIN_TUNNEL, type RealServer, type Tunnel} from '../state/ipvs.ts'
import type {PortContext} from './port-context.ts'

/** UDP port of gue where nothing else is said: the one in the examples of iproute2 (ip-fou(8) uses 5555 for fou). */
const GUE_PORT = 6080

/**
 * Endpoints answer clients by themselves, so nothing of a packet may be changed on its way to them. The node must not
 * have the VIP: an answer of its own pods would come in with an address of the node, and be dropped. So packets to it
 * are delivered by their mark, which is why such a Service is served as a group.
 */
export const isSteered = ({forwardingMethod = 'masquerade'}: ServiceSettings): boolean =>
	forwardingMethod !== 'masquerade'

/** Of the real servers of a virtual server: what is served by address and port, as node ports are, is masqueraded. */
export const forwardingOf = ({settings, isGroup}: PortContext): Pick<RealServer, 'forwarding' | 'tunnel'> => {
	const {forwardingMethod: forwarding = 'masquerade'} = isGroup ? settings : {}
	return forwarding === 'tunnel' ? {forwarding, tunnel: tunnelOf(settings)} : {forwarding}
}

const tunnelOf = ({tunnelType = 'ipip', tunnelPort = GUE_PORT, tunnelChecksum = 'none'}: ServiceSettings): Tunnel =>
	tunnelType === 'ipip'
		? PLAIN_TUNNEL
		: {type: tunnelType, port: tunnelType === 'gue' ? tunnelPort : 0, checksum: tunnelChecksum}

/** What is said where endpoints cannot answer by themselves. */
export const ignoredForwarding = (settings: ServiceSettings, service: Service, why: string): readonly Problem[] =>
	(['forwardingMethod', ...needingIt(settings)] as const).map(name => ignoredAnnotation(service, name, why))

const needingIt = ({onePacket, persistenceEngine}: ServiceSettings): readonly 'onePacket'[] =>
	onePacket === true && persistenceEngine === undefined ? ['onePacket'] : []

/** A packet on its own leaves no connection behind by which IPVS could translate the answer back. */
export const isOnePacket = (context: PortContext): boolean => {
	const {settings, port} = context
	if (forwardingOf(context).forwarding !== 'masquerade') {
		// The kernel takes the UDP of a group alone.
		return settings.onePacket === true
	}
	return settings.onePacket === true && settings.persistenceEngine !== undefined && port.protocol === 'udp'
}
