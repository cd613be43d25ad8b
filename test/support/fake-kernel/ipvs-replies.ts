import {addressToBytes, bitsOf, familyOf} from '../../../src/net/address.ts'
import {PROTOCOL_NUMBERS} from '../../../src/net/protocol.ts'
import {type ForwardingMethod, listenFamily, PLAIN_TUNNEL, type VirtualServer} from '../../../src/state/ipvs.ts'
import type {Stats, Traffic} from '../../../src/state/stats.ts'
import type {FakeRealServer} from './fake-ipvs.ts'
import {attribute, be16, be32, bytes, cstring, nest, u16, u32, u64} from './wire.ts'

const FLAG_BITS = {'one-packet': 0x4, 'scheduler-1': 0x8, 'scheduler-2': 0x10, 'scheduler-3': 0x20} as const
const HASHED = 0x2
const SERVICE = 1
const DEST = 2

/** One service of a dump (ip_vs_genl_fill_service), with an attribute that nobody here reads. */
export const writeService = (server: VirtualServer, stats = NO_STATS, writeAll = writeStats): Uint8Array => {
	const {listen, scheduler, persistence} = server
	const family = listenFamily(listen)
	const prefixLength = persistence?.prefixLength ?? bitsOf(family)
	const mask = family === 'ipv6' ? u32(prefixLength) : be32(prefixLength === 0 ? 0 : (-1 << (32 - prefixLength)) >>> 0)
	const flags = server.flags.reduce<number>((sum, flag) => sum | FLAG_BITS[flag], HASHED | (persistence ? 1 : 0))
	const identity =
		listen.kind === 'firewall-mark'
			? [attribute(5, u32(listen.mark))]
			: [
					attribute(2, u16(PROTOCOL_NUMBERS[listen.protocol])),
					attribute(3, padded(addressToBytes(listen.address))),
					attribute(4, be16(listen.port)),
				]
	return bytes(
		[1, 1, 0, 0],
		nest(
			SERVICE,
			attribute(1, u16(family === 'ipv4' ? 2 : 10)),
			...identity,
			attribute(6, cstring(scheduler)),
			attribute(7, bytes(u32(flags), u32(0xffffffff))),
			attribute(8, u32(persistence?.timeoutSeconds ?? 0)),
			attribute(9, mask),
			...writeAll(stats),
			...(persistence?.engine ? [attribute(11, cstring(persistence.engine))] : []),
		),
	)
}

const METHODS: Readonly<Record<ForwardingMethod, number>> = {masquerade: 0, tunnel: 2, 'direct-routing': 3}

/** One destination of a dump (ip_vs_genl_fill_dest). */
export const writeDest = (
	{realServer, counters, stats = NO_STATS}: FakeRealServer,
	writeAll = writeStats,
): Uint8Array => {
	const {address, port, weight, forwarding, limits, tunnel = PLAIN_TUNNEL} = realServer
	const {activeConnections, inactiveConnections} = counters
	return bytes(
		[8, 1, 0, 0],
		nest(
			DEST,
			attribute(1, padded(addressToBytes(address))),
			attribute(2, be16(port)),
			attribute(3, u32(METHODS[forwarding])),
			attribute(4, u32(weight)),
			attribute(5, u32(limits?.upper ?? 0)),
			attribute(6, u32(limits?.lower ?? 0)),
			attribute(7, u32(activeConnections)),
			attribute(8, u32(inactiveConnections)),
			attribute(9, u32(0)),
			...writeAll(stats),
			attribute(11, u16(familyOf(address) === 'ipv4' ? 2 : 10)),
			attribute(13, bytes(['ipip', 'gue', 'gre'].indexOf(tunnel.type))),
			attribute(14, be16(tunnel.port)),
			attribute(15, u16(['none', 'checksum', 'remote-checksum'].indexOf(tunnel.checksum))),
		),
	)
}

/** Both kinds of counters (ip_vs_genl_fill_stats, ip_vs_genl_fill_stats64). */
export const writeStats = (stats: Stats): readonly Uint8Array[] => [
	...writeOldStats(stats),
	nest(12, ...valuesOf(stats).map((value, at) => attribute(1 + at, u64(value))), attribute(11, bytes())),
]

/** As of kernels before Linux 4.1: of 32 bits, but for the bytes. */
export const writeOldStats = (stats: Stats): readonly Uint8Array[] => [
	nest(10, ...valuesOf(stats).map((value, at) => attribute(1 + at, at === 3 || at === 4 ? u64(value) : u32(value)))),
]

/** In the order of their types. */
const valuesOf = ({total, perSecond}: Stats): readonly number[] =>
	[total, perSecond].flatMap(({connections, packetsIn, packetsOut, bytesIn, bytesOut}) => [
		connections,
		packetsIn,
		packetsOut,
		bytesIn,
		bytesOut,
	])

const NO_TRAFFIC: Traffic = {connections: 0, packetsIn: 0, packetsOut: 0, bytesIn: 0, bytesOut: 0}

const NO_STATS: Stats = {total: NO_TRAFFIC, perSecond: NO_TRAFFIC}

/** The timeouts (ip_vs_genl_get_cmd): the answer is a SET_CONFIG. */
export const writeConfig = (timeouts: readonly number[]): Uint8Array =>
	bytes([12, 1, 0, 0], ...timeouts.map((seconds, at) => attribute(4 + at, u32(seconds))))

const padded = (address: readonly number[]): Uint8Array => bytes(address, new Uint8Array(16 - address.length))
