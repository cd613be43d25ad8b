import type {PortEndpoint} from '../model/endpoints.ts'
import {
	type Listen,
	type RealServer,
	type RealServerKey,
	realServerKey,
	type VirtualServerState,
	virtualServerKey,
} from '../state/ipvs.ts'
import type {Vip} from './addresses.ts'
import {balancingOf} from './balancing.ts'
import type {PortContext} from './port-context.ts'

/** What one service port serves there. No endpoint means no real server: refusal, never a hang. */
export const serverStateOf = (
	context: PortContext,
	listen: Listen,
	chosen: readonly PortEndpoint[],
	destinations: readonly Vip[],
): VirtualServerState => ({
	server: {key: virtualServerKey(listen), listen, ...balancingOf(context, listen)},
	realServers: realServersOf(chosen),
	flows: {
		protocol: context.port.protocol,
		destinations: destinations.map(vip => ({address: vip.address, port: vip.port})),
		serving: new Set(
			context.endpoints.filter(({serving}) => serving).map(endpoint => realServerKey(endpoint.address, endpoint.port)),
		),
	},
})

/** All alike. */
const realServersOf = (endpoints: readonly PortEndpoint[]): ReadonlyMap<RealServerKey, RealServer> =>
	new Map(
		endpoints.map(({address, port}) => {
			const key = realServerKey(address, port)
			return [key, {key, address, port, weight: 1, forwarding: 'masquerade'}] as const
		}),
	)
