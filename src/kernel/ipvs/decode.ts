import {addressFromBytes, type Family} from '../../net/address.ts'
import {protocolFromNumber} from '../../net/protocol.ts'
import {
	type ConnectionLimits,
	type Counters,
	type ForwardingMethod,
	type IpvsTimeouts,
	type Listen,
	type Persistence,
	type RealServer,
	realServerKey,
	type Tunnel,
	type TunnelChecksum,
	type TunnelType,
	type VirtualServer,
	type VirtualServerFlag,
	virtualServerKey,
} from '../../state/ipvs.ts'
import {
	type Attributes,
	bytesOf,
	decodeAttributes,
	nestedOf,
	portOf,
	textOf,
	uint16Of,
	uint32Of,
} from '../netlink/attributes.ts'
import {GENL_HEADER} from '../netlink/constants.ts'
import {DecodeError} from '../netlink/decode-error.ts'
import {familyFromNumber} from '../netlink/family.ts'
import * as k from './constants.ts'

/** A service from the payload of a message; DecodeError for anything that is none. */
export const decodeVirtualServer = (payload: Uint8Array): VirtualServer => {
	const service = nestedOf(decodeAttributes(payload.subarray(GENL_HEADER)), k.IPVS_CMD_ATTR_SERVICE)
	const family = decodeFamily(uint16Of(service, k.IPVS_SVC_ATTR_AF))
	const listen = decodeListen(service, family)
	const flags = uint32Of(service, k.IPVS_SVC_ATTR_FLAGS)
	return {
		key: virtualServerKey(listen),
		listen,
		scheduler: service.has(k.IPVS_SVC_ATTR_SCHED_NAME) ? textOf(service, k.IPVS_SVC_ATTR_SCHED_NAME) : 'none',
		flags: FLAGS.flatMap(([flag, bit]) => (flags & bit ? [flag] : [])),
		persistence: flags & k.IP_VS_SVC_F_PERSISTENT ? decodePersistence(service, family) : undefined,
	}
}

const FLAGS: readonly (readonly [VirtualServerFlag, number])[] = [
	['one-packet', k.IP_VS_SVC_F_ONEPACKET],
	['scheduler-1', k.IP_VS_SVC_F_SCHED1],
	['scheduler-2', k.IP_VS_SVC_F_SCHED2],
	['scheduler-3', k.IP_VS_SVC_F_SCHED3],
]

/** One destination of a service, with its connections; `family` is that of the service. */
export const decodeRealServer = (payload: Uint8Array, family: Family): {realServer: RealServer; counters: Counters} => {
	const dest = nestedOf(decodeAttributes(payload.subarray(GENL_HEADER)), k.IPVS_CMD_ATTR_DEST)
	// Absent before Linux 3.18, when a destination always had its service's family.
	const own = dest.has(k.IPVS_DEST_ATTR_ADDR_FAMILY)
		? decodeFamily(uint16Of(dest, k.IPVS_DEST_ATTR_ADDR_FAMILY))
		: family
	const address = decodeAddress(dest, k.IPVS_DEST_ATTR_ADDR, own)
	const port = portOf(dest, k.IPVS_DEST_ATTR_PORT)
	const forwarding = decodeMethod(uint32Of(dest, k.IPVS_DEST_ATTR_FWD_METHOD))
	const tunnel = forwarding === 'tunnel' ? decodeTunnel(dest) : undefined
	const limits = decodeLimits(dest)
	return {
		realServer: {
			key: realServerKey(address, port),
			address,
			port,
			weight: uint32Of(dest, k.IPVS_DEST_ATTR_WEIGHT),
			forwarding,
			...(limits && {limits}),
			...(tunnel && {tunnel}),
		},
		counters: {
			activeConnections: countOf(dest, k.IPVS_DEST_ATTR_ACTIVE_CONNS),
			inactiveConnections: countOf(dest, k.IPVS_DEST_ATTR_INACT_CONNS),
		},
	}
}

const countOf = (dest: Attributes, type: number): number => (dest.has(type) ? uint32Of(dest, type) : 0)

const decodeLimits = (dest: Attributes): ConnectionLimits | undefined => {
	const upper = countOf(dest, k.IPVS_DEST_ATTR_U_THRESH)
	const lower = countOf(dest, k.IPVS_DEST_ATTR_L_THRESH)
	return upper === 0 && lower === 0 ? undefined : {upper, lower}
}

/** Undefined for a plain one, the only one that kernels without these attributes have. */
const decodeTunnel = (dest: Attributes): Tunnel | undefined => {
	if (!dest.has(k.IPVS_DEST_ATTR_TUN_TYPE)) {
		return undefined
	}
	const number = bytesOf(dest, k.IPVS_DEST_ATTR_TUN_TYPE, 1)[0] ?? 0
	const type = TUNNEL_TYPES[number]
	if (!type) {
		throw new DecodeError(`tunnel type ${number}`)
	}
	if (type === 'ipip') {
		return undefined
	}
	const port = portOf(dest, k.IPVS_DEST_ATTR_TUN_PORT)
	return {type, port, checksum: decodeChecksum(dest)}
}

const TUNNEL_TYPES: Readonly<Record<number, TunnelType>> = {
	[k.IP_VS_CONN_F_TUNNEL_TYPE_IPIP]: 'ipip',
	[k.IP_VS_CONN_F_TUNNEL_TYPE_GUE]: 'gue',
	[k.IP_VS_CONN_F_TUNNEL_TYPE_GRE]: 'gre',
}

/** Linux 5.2 has tunnels without them. */
const decodeChecksum = (dest: Attributes): TunnelChecksum => {
	const flags = dest.has(k.IPVS_DEST_ATTR_TUN_FLAGS) ? uint16Of(dest, k.IPVS_DEST_ATTR_TUN_FLAGS) : 0
	if (flags & k.IP_VS_TUNNEL_ENCAP_FLAG_REMCSUM) {
		return 'remote-checksum'
	}
	return flags & k.IP_VS_TUNNEL_ENCAP_FLAG_CSUM ? 'checksum' : 'none'
}

/** Seconds; a kernel that balances one protocol only does not say those of the other, which count as 0. */
export const decodeTimeouts = (payload: Uint8Array): IpvsTimeouts => {
	const attributes = decodeAttributes(payload.subarray(GENL_HEADER))
	const seconds = (type: number) => (attributes.has(type) ? uint32Of(attributes, type) : 0)
	return {
		tcpSeconds: seconds(k.IPVS_CMD_ATTR_TIMEOUT_TCP),
		tcpFinSeconds: seconds(k.IPVS_CMD_ATTR_TIMEOUT_TCP_FIN),
		udpSeconds: seconds(k.IPVS_CMD_ATTR_TIMEOUT_UDP),
	}
}

const decodeFamily = (number: number): Family => {
	const family = familyFromNumber(number)
	if (!family) {
		throw new DecodeError(`address family ${number}`)
	}
	return family
}

const decodeListen = (service: Attributes, family: Family): Listen => {
	if (service.has(k.IPVS_SVC_ATTR_FWMARK)) {
		return {kind: 'firewall-mark', family, mark: uint32Of(service, k.IPVS_SVC_ATTR_FWMARK)}
	}
	const number = uint16Of(service, k.IPVS_SVC_ATTR_PROTOCOL)
	const protocol = protocolFromNumber(number)
	if (!protocol) {
		throw new DecodeError(`protocol ${number}`)
	}
	const address = decodeAddress(service, k.IPVS_SVC_ATTR_ADDR, family)
	return {kind: 'address', protocol, address, port: portOf(service, k.IPVS_SVC_ATTR_PORT)}
}

const decodeAddress = (attributes: Attributes, type: number, family: Family) => {
	const length = family === 'ipv4' ? 4 : 16
	return addressFromBytes(bytesOf(attributes, type, length).subarray(0, length))
}

const decodePersistence = (service: Attributes, family: Family): Persistence => {
	const mask = uint32Of(service, k.IPVS_SVC_ATTR_NETMASK)
	return {
		timeoutSeconds: uint32Of(service, k.IPVS_SVC_ATTR_TIMEOUT),
		prefixLength: family === 'ipv6' ? mask : countBits(mask),
		...(service.has(k.IPVS_SVC_ATTR_PE_NAME) && {engine: textOf(service, k.IPVS_SVC_ATTR_PE_NAME)}),
	}
}

const countBits = (mask: number): number => [...(mask >>> 0).toString(2)].filter(bit => bit === '1').length

/** A destination on the node itself is masqueraded like any other; the kernel may name it otherwise. */
const decodeMethod = (flags: number): ForwardingMethod => {
	switch (flags & k.IP_VS_CONN_F_FWD_MASK) {
		case k.IP_VS_CONN_F_MASQ:
		case k.IP_VS_CONN_F_LOCALNODE:
			return 'masquerade'
		case k.IP_VS_CONN_F_TUNNEL:
			return 'tunnel'
		case k.IP_VS_CONN_F_DROUTE:
			return 'direct-routing'
		default:
			throw new DecodeError(`forwarding method ${flags & k.IP_VS_CONN_F_FWD_MASK}`)
	}
}
