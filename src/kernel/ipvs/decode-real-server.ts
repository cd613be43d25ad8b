import {addressFromBytes, type Family} from '../../net/address.ts'
import {
	type ConnectionLimits,
	type Counters,
	type ForwardingMethod,
	type RealServer,
	realServerKey,
	type Tunnel,
	type TunnelChecksum,
	type TunnelType,
} from '../../state/ipvs.ts'
import {AttributeTable} from '../netlink/attribute-table.ts'
import {GENL_HEADER} from '../netlink/constants.ts'
import {DecodeError} from '../netlink/decode-error.ts'
import * as k from './constants.ts'
import {decodeFamily} from './decode.ts'

/** The destination at hand. */
const dest = new AttributeTable()

/** One destination of a service, with its connections; `family` is that of the service. */
export const decodeRealServer = (payload: Uint8Array, family: Family): {realServer: RealServer; counters: Counters} => {
	dest.read(payload, GENL_HEADER)
	dest.readNested(k.IPVS_CMD_ATTR_DEST)
	// Absent before Linux 3.18, when a destination always had its service's family.
	const own = dest.has(k.IPVS_DEST_ATTR_ADDR_FAMILY) ? decodeFamily(dest.uint16(k.IPVS_DEST_ATTR_ADDR_FAMILY)) : family
	const address = addressFromBytes(dest.bytes(k.IPVS_DEST_ATTR_ADDR, own === 'ipv4' ? 4 : 16))
	const port = dest.port(k.IPVS_DEST_ATTR_PORT)
	const forwarding = decodeMethod(dest.uint32(k.IPVS_DEST_ATTR_FWD_METHOD))
	const tunnel = forwarding === 'tunnel' ? decodeTunnel() : undefined
	const limits = decodeLimits()
	return {
		realServer: {
			key: realServerKey(address, port),
			address,
			port,
			weight: dest.uint32(k.IPVS_DEST_ATTR_WEIGHT),
			forwarding,
			...(limits && {limits}),
			...(tunnel && {tunnel}),
		},
		counters: {
			activeConnections: countOf(k.IPVS_DEST_ATTR_ACTIVE_CONNS),
			inactiveConnections: countOf(k.IPVS_DEST_ATTR_INACT_CONNS),
		},
	}
}

const countOf = (type: number): number => (dest.has(type) ? dest.uint32(type) : 0)

const decodeLimits = (): ConnectionLimits | undefined => {
	const upper = countOf(k.IPVS_DEST_ATTR_U_THRESH)
	const lower = countOf(k.IPVS_DEST_ATTR_L_THRESH)
	return upper === 0 && lower === 0 ? undefined : {upper, lower}
}

/** Undefined for a plain one, the only one that kernels without these attributes have. */
const decodeTunnel = (): Tunnel | undefined => {
	if (!dest.has(k.IPVS_DEST_ATTR_TUN_TYPE)) {
		return undefined
	}
	const number = dest.uint8(k.IPVS_DEST_ATTR_TUN_TYPE)
	const type = TUNNEL_TYPES[number]
	if (!type) {
		throw new DecodeError(`tunnel type ${number}`)
	}
	if (type === 'ipip') {
		return undefined
	}
	const port = dest.port(k.IPVS_DEST_ATTR_TUN_PORT)
	return {type, port, checksum: decodeChecksum()}
}

const TUNNEL_TYPES: Readonly<Record<number, TunnelType>> = {
	[k.IP_VS_CONN_F_TUNNEL_TYPE_IPIP]: 'ipip',
	[k.IP_VS_CONN_F_TUNNEL_TYPE_GUE]: 'gue',
	[k.IP_VS_CONN_F_TUNNEL_TYPE_GRE]: 'gre',
}

/** Linux 5.2 has tunnels without them. */
const decodeChecksum = (): TunnelChecksum => {
	const flags = dest.has(k.IPVS_DEST_ATTR_TUN_FLAGS) ? dest.uint16(k.IPVS_DEST_ATTR_TUN_FLAGS) : 0
	if (flags & k.IP_VS_TUNNEL_ENCAP_FLAG_REMCSUM) {
		return 'remote-checksum'
	}
	return flags & k.IP_VS_TUNNEL_ENCAP_FLAG_CSUM ? 'checksum' : 'none'
}

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
