import {type Attributes, decodeAttributes, textOf} from '../../../src/kernel/netlink/attributes.ts'
import {addressFromBytes, familyOf} from '../../../src/net/address.ts'
import {protocolFromNumber} from '../../../src/net/protocol.ts'
import {
	type ForwardingMethod,
	type Listen,
	listenFamily,
	type RealServer,
	realServerKey,
	type Tunnel,
	type TunnelChecksum,
	type TunnelType,
	type VirtualServer,
	type VirtualServerFlag,
	virtualServerKey,
} from '../../../src/state/ipvs.ts'
import {ERRNO} from './uapi.ts'

type Reading<Value> = Value | number

const SERVICE = 1
const DEST = 2
const [AF, PROTOCOL, ADDR, PORT, FWMARK, SCHED, FLAGS, TIMEOUT, NETMASK, ENGINE] = [
	1, 2, 3, 4, 5, 6, 7, 8, 9, 11,
] as const
const [D_ADDR, D_PORT, D_METHOD, D_WEIGHT, D_UPPER, D_LOWER, D_FAMILY] = [1, 2, 3, 4, 5, 6, 11] as const
const [D_TUNNEL_TYPE, D_TUNNEL_PORT, D_TUNNEL_FLAGS] = [13, 14, 15] as const

const nested = (payload: Uint8Array, type: number): Attributes => {
	const value = decodeAttributes(payload.subarray(4)).get(type)
	return value ? decodeAttributes(value) : new Map()
}

const number = (attributes: Attributes, type: number): number => Buffer.from(attributes.get(type) ?? []).readUInt32LE()
const short = (attributes: Attributes, type: number): number => Buffer.from(attributes.get(type) ?? []).readUInt16LE()
const port = (attributes: Attributes, type: number): number => Buffer.from(attributes.get(type) ?? []).readUInt16BE()

const address = (attributes: Attributes, type: number, af: number) =>
	addressFromBytes((attributes.get(type) ?? new Uint8Array()).subarray(0, af === 2 ? 4 : 16))

const hasAll = (attributes: Attributes, types: readonly number[]): boolean => types.every(type => attributes.has(type))

/** Whether a request is about one service. */
export const hasService = (payload: Uint8Array): boolean => decodeAttributes(payload.subarray(4)).has(SERVICE)

/** Which service a request is about (ip_vs_genl_parse_service); an errno for one that the kernel would refuse. */
export const readIdentity = (payload: Uint8Array): Reading<{readonly listen: Listen; readonly key: string}> => {
	const service = nested(payload, SERVICE)
	if (!service.has(AF) || !(service.has(FWMARK) || hasAll(service, [PROTOCOL, ADDR, PORT]))) {
		return ERRNO.EINVAL
	}
	const af = short(service, AF)
	if (service.has(FWMARK)) {
		const listen = {kind: 'firewall-mark', family: af === 2 ? 'ipv4' : 'ipv6', mark: number(service, FWMARK)} as const
		return {listen, key: virtualServerKey(listen)}
	}
	const protocol = protocolFromNumber(short(service, PROTOCOL))
	if (!protocol || (af !== 2 && af !== 10)) {
		return ERRNO.EINVAL
	}
	const listen = {kind: 'address', protocol, address: address(service, ADDR, af), port: port(service, PORT)} as const
	return {listen, key: virtualServerKey(listen)}
}

const FLAG_BITS: readonly (readonly [VirtualServerFlag, number])[] = [
	['one-packet', 0x4],
	['scheduler-1', 0x8],
	['scheduler-2', 0x10],
	['scheduler-3', 0x20],
]

/** The whole of a service, as NEW and SET have to give it. */
export const readSettings = (payload: Uint8Array): Reading<VirtualServer> => {
	const identity = readIdentity(payload)
	const service = nested(payload, SERVICE)
	if (typeof identity === 'number' || !hasAll(service, [SCHED, FLAGS, TIMEOUT, NETMASK])) {
		return ERRNO.EINVAL
	}
	const {listen, key} = identity
	const flags = number(service, FLAGS) & Buffer.from(service.get(FLAGS) ?? []).readUInt32LE(4)
	const family = listenFamily(listen)
	const prefixLength =
		family === 'ipv6' ? number(service, NETMASK) : ones(Buffer.from(service.get(NETMASK) ?? []).readUInt32BE())
	if (family === 'ipv6' && (prefixLength < 1 || prefixLength > 128)) {
		return ERRNO.EINVAL
	}
	return {
		key,
		listen,
		scheduler: textOf(service, SCHED),
		flags: FLAG_BITS.flatMap(([flag, bit]) => (flags & bit ? [flag] : [])),
		persistence:
			flags & 1
				? {
						timeoutSeconds: number(service, TIMEOUT),
						prefixLength,
						...(service.has(ENGINE) && {engine: textOf(service, ENGINE)}),
					}
				: undefined,
	}
}

/** Leading ones: a mask with holes would be another number. */
const ones = (mask: number): number => (mask === 0 ? 0 : Math.clz32(~mask))

const METHODS: readonly (ForwardingMethod | undefined)[] = ['masquerade', 'masquerade', 'tunnel', 'direct-routing']

/** A destination; settings only where `isWhole`. */
export const readRealServer = (payload: Uint8Array, server: VirtualServer, isWhole: boolean): Reading<RealServer> => {
	const dest = nested(payload, DEST)
	if (!hasAll(dest, [D_ADDR, D_PORT]) || (isWhole && !hasAll(dest, [D_METHOD, D_WEIGHT, D_UPPER, D_LOWER]))) {
		return ERRNO.EINVAL
	}
	const own = listenFamily(server.listen) === 'ipv4' ? 2 : 10
	const at = address(dest, D_ADDR, dest.has(D_FAMILY) ? short(dest, D_FAMILY) : own)
	const identity = {key: realServerKey(at, port(dest, D_PORT)), address: at, port: port(dest, D_PORT)}
	if (!isWhole) {
		return {...identity, weight: 0, forwarding: 'masquerade'}
	}
	const forwarding = METHODS[number(dest, D_METHOD) & 7]
	const weight = number(dest, D_WEIGHT) | 0
	const limits = {upper: number(dest, D_UPPER), lower: number(dest, D_LOWER)}
	const tunnel = readTunnel(dest)
	if (weight < 0 || limits.lower > limits.upper) {
		return ERRNO.ERANGE
	}
	if (!forwarding || !tunnel || (familyOf(at) !== listenFamily(server.listen) && forwarding !== 'tunnel')) {
		return ERRNO.EINVAL
	}
	return {
		...identity,
		weight,
		forwarding,
		...(limits.upper > 0 && {limits}),
		...(forwarding === 'tunnel' && tunnel.type !== 'ipip' && {tunnel}),
	}
}

const TUNNEL_TYPES: readonly TunnelType[] = ['ipip', 'gue', 'gre']
const CHECKSUMS: readonly TunnelChecksum[] = ['none', 'checksum', 'remote-checksum']

/** What is left out is 0; undefined for what the kernel would refuse. */
const readTunnel = (dest: Attributes): Tunnel | undefined => {
	const type = TUNNEL_TYPES[dest.get(D_TUNNEL_TYPE)?.[0] ?? 0]
	const checksum = CHECKSUMS[dest.has(D_TUNNEL_FLAGS) ? short(dest, D_TUNNEL_FLAGS) : 0]
	const to = dest.has(D_TUNNEL_PORT) ? port(dest, D_TUNNEL_PORT) : 0
	return type && checksum && !(type === 'gue' && to === 0) ? {type, port: to, checksum} : undefined
}

/** The three timeouts of a configuration; undefined when one is left out. */
export const readConfig = (payload: Uint8Array): readonly [number, number, number] | undefined => {
	const config = decodeAttributes(payload.subarray(4))
	return hasAll(config, [4, 5, 6]) ? [number(config, 4), number(config, 5), number(config, 6)] : undefined
}
