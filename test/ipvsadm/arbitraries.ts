import fc from 'fast-check'
import {
	listenFamily,
	type RealServer,
	type Tunnel,
	type VirtualServer,
	type VirtualServerState,
	virtualServerKey,
} from '../../src/state/ipvs.ts'
import {anyFamily, anyPort, anyVirtualServer, wholeRealServerOf} from '../state/arbitraries.ts'

/** All that ipvsadm can make: a port 0 with persistence, one-packet scheduling of UDP, tunnels to the other family. */
export const anyState: fc.Arbitrary<VirtualServerState> = fc
	.tuple(anyVirtualServer, fc.boolean())
	.map(([server, isAnyPort]) => asIpvsadmHasIt(server, isAnyPort))
	.chain(server =>
		fc
			.uniqueArray(anyRealServerOf(server), {selector: ({key}) => key, maxLength: 4})
			.map(realServers => ({server, realServers: new Map(realServers.map(real => [real.key, real]))})),
	)

/** Virtual servers by their keys. */
export const anyStates = fc
	.uniqueArray(anyState, {selector: ({server}) => server.key, maxLength: 5})
	.map(states => new Map(states.map(state => [state.server.key, state])))

const asIpvsadmHasIt = (server: VirtualServer, isAnyPort: boolean): VirtualServer => {
	if (server.listen.kind === 'firewall-mark') {
		return server
	}
	const listen = server.persistence && isAnyPort ? {...server.listen, port: 0} : server.listen
	const flags = server.flags.filter(flag => flag !== 'one-packet' || listen.protocol === 'udp')
	return {...server, key: virtualServerKey(listen), listen, flags}
}

const anyRealServerOf = ({listen}: VirtualServer): fc.Arbitrary<RealServer> =>
	fc
		.tuple(anyFamily.chain(wholeRealServerOf), wholeRealServerOf(listenFamily(listen)), anyTunnel)
		.map(([any, own, tunnel]): RealServer => {
			const {tunnel: _, ...realServer} = any.forwarding === 'tunnel' ? any : own
			return realServer.forwarding === 'tunnel' && tunnel ? {...realServer, tunnel} : realServer
		})

const anyTunnel: fc.Arbitrary<Tunnel | undefined> = fc.oneof(
	fc.constant(undefined),
	fc.record({
		type: fc.constant('gue' as const),
		port: anyPort,
		checksum: fc.constantFrom('none' as const, 'checksum' as const, 'remote-checksum' as const),
	}),
	fc.record({
		type: fc.constant('gre' as const),
		port: fc.constant(0),
		checksum: fc.constantFrom('none' as const, 'checksum' as const),
	}),
)
