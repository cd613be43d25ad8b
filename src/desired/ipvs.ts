import type {Config} from '../config/fields.ts'
import type {PortEndpoint} from '../model/endpoints.ts'
import type {Service, ServicePort} from '../model/service.ts'
import {bitsOf, familyOf} from '../net/address.ts'
import {
	type Persistence,
	type RealServer,
	type RealServerKey,
	realServerKey,
	type VirtualServer,
	type VirtualServerFlag,
	virtualServerKey,
} from '../state/ipvs.ts'
import type {Vip} from './addresses.ts'

/** The virtual server behind one VIP of a service port. */
export const virtualServerOf = (
	service: Service,
	{protocol}: ServicePort,
	{address, port}: Vip,
	{scheduler}: Config,
): VirtualServer => {
	const listen = {kind: 'address', protocol, address, port} as const
	const persistence: Persistence | undefined =
		service.affinitySeconds === undefined
			? undefined
			: {timeoutSeconds: service.affinitySeconds, prefixLength: bitsOf(familyOf(address))}
	return {key: virtualServerKey(listen), listen, scheduler, flags: flagsOf(scheduler), persistence}
}

/** mh hashes the source port too, as kube-proxy has it; otherwise all of a node's clients share one real server. */
const flagsOf = (scheduler: string): readonly VirtualServerFlag[] => (scheduler === 'mh' ? ['scheduler-2'] : [])

/** The ready endpoints of a service port, all alike. */
export const realServersOf = (endpoints: readonly PortEndpoint[]): ReadonlyMap<RealServerKey, RealServer> =>
	new Map(
		endpoints
			.filter(endpoint => endpoint.ready)
			.map(({address, port}) => {
				const key = realServerKey(address, port)
				return [key, {key, address, port, weight: 1, forwarding: 'masquerade'}] as const
			}),
	)
