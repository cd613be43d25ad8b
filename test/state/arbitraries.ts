import fc from 'fast-check'
import {type Address, addressFromBytes, FAMILIES, type Family} from '../../src/net/address.ts'
import type {Protocol} from '../../src/net/protocol.ts'
import {
	type Listen,
	listenFamily,
	type RealServer,
	realServerKey,
	type Tunnel,
	type VirtualServer,
	type VirtualServerFlag,
	virtualServerKey,
} from '../../src/state/ipvs.ts'

const FLAGS: readonly VirtualServerFlag[] = ['one-packet', 'scheduler-1', 'scheduler-2', 'scheduler-3']

export const anyFamily = fc.constantFrom<Family>(...FAMILIES)

export const anyProtocol = fc.constantFrom<Protocol>('tcp', 'udp', 'sctp')

export const anyPort = fc.integer({min: 1, max: 65_535})

export const addressOf = (family: Family): fc.Arbitrary<Address> => {
	const length = family === 'ipv4' ? 4 : 16
	return fc.uint8Array({minLength: length, maxLength: length}).map(addressFromBytes)
}

export const anyAddress = anyFamily.chain(addressOf)

const anyName = fc.string({
	unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz0123456789_'),
	minLength: 1,
	maxLength: 15,
})

const anyListen: fc.Arbitrary<Listen> = fc.oneof(
	fc.record({kind: fc.constant('address' as const), protocol: anyProtocol, address: anyAddress, port: anyPort}),
	fc.record({
		kind: fc.constant('firewall-mark' as const),
		family: anyFamily,
		mark: fc.integer({min: 1, max: 0xffffffff}),
	}),
)

export const anyVirtualServer: fc.Arbitrary<VirtualServer> = anyListen.chain(listen => {
	const isIPv6 = listenFamily(listen) === 'ipv6'
	return fc.record({
		key: fc.constant(virtualServerKey(listen)),
		listen: fc.constant(listen),
		scheduler: anyName,
		flags: fc.subarray([...FLAGS]),
		persistence: fc.option(
			fc.record(
				{
					timeoutSeconds: fc.integer({min: 1, max: 86_400}),
					prefixLength: fc.integer({min: isIPv6 ? 1 : 0, max: isIPv6 ? 128 : 32}),
					engine: anyName,
				},
				{requiredKeys: ['timeoutSeconds', 'prefixLength']},
			),
			{nil: undefined},
		),
	})
})

export const realServerOf = (family: Family): fc.Arbitrary<RealServer> =>
	fc
		.record({
			address: addressOf(family),
			port: anyPort,
			weight: fc.integer({min: 0, max: 65_535}),
			forwarding: fc.constantFrom('masquerade' as const, 'direct-routing' as const, 'tunnel' as const),
		})
		.map(settings => ({key: realServerKey(settings.address, settings.port), ...settings}))

/** With limits and tunnels, which /proc/net/ip_vs does not show. */
export const wholeRealServerOf = (family: Family): fc.Arbitrary<RealServer> =>
	fc
		.tuple(realServerOf(family), fc.option(anyLimits, {nil: undefined}), fc.option(anyTunnel, {nil: undefined}))
		.map(([realServer, limits, tunnel]) => ({
			...realServer,
			...(limits && {limits}),
			...(tunnel && realServer.forwarding === 'tunnel' && {tunnel}),
		}))

const anyLimits = fc
	.tuple(fc.integer({min: 1, max: 0x7fffffff}), fc.integer({min: 0, max: 0x7fffffff}))
	.map(([upper, lower]) => ({upper, lower: Math.min(lower, upper)}))

const anyTunnel: fc.Arbitrary<Tunnel> = fc.record({
	type: fc.constantFrom('gue', 'gre'),
	port: anyPort,
	checksum: fc.constantFrom('none', 'checksum', 'remote-checksum'),
})
