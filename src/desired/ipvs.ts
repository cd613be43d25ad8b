import type {Config} from '../config/fields.ts'
import type {PortEndpoint} from '../model/endpoints.ts'
import type {Service} from '../model/service.ts'
import {bitsOf} from '../net/address.ts'
import {
	type Listen,
	listenFamily,
	type Persistence,
	type RealServer,
	type RealServerKey,
	realServerKey,
	type VirtualServer,
	type VirtualServerFlag,
	type VirtualServerState,
	virtualServerKey,
} from '../state/ipvs.ts'
import type {Vip} from './addresses.ts'
import type {PortContext} from './port-context.ts'

/** What one service port serves there. No endpoint means no real server: refusal, never a hang. */
export const serverStateOf = (
	{service, port, endpoints, config}: PortContext,
	listen: Listen,
	chosen: readonly PortEndpoint[],
	destinations: readonly Vip[],
): VirtualServerState => ({
	server: virtualServerOf(service, listen, config),
	realServers: realServersOf(chosen),
	flows: {
		protocol: port.protocol,
		destinations: destinations.map(vip => ({address: vip.address, port: vip.port})),
		serving: new Set(
			endpoints.filter(({serving}) => serving).map(endpoint => realServerKey(endpoint.address, endpoint.port)),
		),
	},
})

const virtualServerOf = (service: Service, listen: Listen, config: Config): VirtualServer => ({
	key: virtualServerKey(listen),
	listen,
	...balancingOf(service, listen, config),
})

/**
 * How clients are spread. A persistent virtual server of a firewall mark sends packets on to the port that they came
 * for, whatever the port of the real server (linux/net/netfilter/ipvs/ip_vs_core.c, ip_vs_sched_persist), so affinity
 * is by a hash of the client's address there: mh moves few clients when endpoints change, and knows no timeout.
 */
const balancingOf = (
	{affinitySeconds}: Service,
	listen: Listen,
	{scheduler}: Config,
): Pick<VirtualServer, 'scheduler' | 'flags' | 'persistence'> => {
	if (affinitySeconds === undefined) {
		return {scheduler, flags: flagsOf(scheduler), persistence: undefined}
	}
	if (listen.kind === 'firewall-mark') {
		return {scheduler: 'mh', flags: [], persistence: undefined}
	}
	const persistence: Persistence = {timeoutSeconds: affinitySeconds, prefixLength: bitsOf(listenFamily(listen))}
	return {scheduler, flags: flagsOf(scheduler), persistence}
}

/** mh hashes the source port too, as kube-proxy has it; otherwise all of a node's clients share one real server. */
const flagsOf = (scheduler: string): readonly VirtualServerFlag[] => (scheduler === 'mh' ? ['scheduler-2'] : [])

/** All alike. */
const realServersOf = (endpoints: readonly PortEndpoint[]): ReadonlyMap<RealServerKey, RealServer> =>
	new Map(
		endpoints.map(({address, port}) => {
			const key = realServerKey(address, port)
			return [key, {key, address, port, weight: 1, forwarding: 'masquerade'}] as const
		}),
	)
