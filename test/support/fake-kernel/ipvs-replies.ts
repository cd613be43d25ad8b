import {addressToBytes, bitsOf} from '../../../src/net/address.ts'
import {PROTOCOL_NUMBERS} from '../../../src/net/protocol.ts'
import {listenFamily, type VirtualServer} from '../../../src/state/ipvs.ts'
import {attribute, be16, be32, bytes, cstring, nest, u16, u32} from './wire.ts'

const FLAG_BITS = {'one-packet': 0x4, 'scheduler-1': 0x8, 'scheduler-2': 0x10, 'scheduler-3': 0x20} as const
const HASHED = 0x2
const SERVICE = 1
const STATS = 10

/** One service of a dump (ip_vs_genl_fill_service), with an attribute that nobody here reads. */
export const writeService = (server: VirtualServer): Uint8Array => {
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
			nest(STATS, attribute(1, u32(0))),
		),
	)
}

const padded = (address: readonly number[]): Uint8Array => bytes(address, new Uint8Array(16 - address.length))
