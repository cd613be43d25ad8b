import {addressFromBytes, type Family} from '../../net/address.ts'
import {protocolFromNumber} from '../../net/protocol.ts'
import {
	type IpvsTimeouts,
	type Listen,
	type Persistence,
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

export const decodeFamily = (number: number): Family => {
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
