import {type Address, addressFromBytes, type Family} from '../../net/address.ts'
import {type Attributes, bytesOf, decodeAttributes, textOf, uint32Of} from '../netlink/attributes.ts'
import {DecodeError} from '../netlink/decode-error.ts'
import {familyFromNumber} from '../netlink/family.ts'
import * as k from './constants.ts'

/** An interface of this network namespace. */
export interface Link {
	readonly index: number
	readonly name: string
	readonly isUp: boolean
}

/** An address on an interface. */
export interface LinkAddress {
	readonly index: number
	readonly address: Address
	readonly prefixLength: number
	/** Valid on this link or this host only: link-local, loopback. */
	readonly isNarrow: boolean
}

/** A route of type `local` through an interface. */
export interface LocalRoute {
	readonly index: number
	readonly address: Address
	/** Made by the kernel for an address, not by anybody. */
	readonly isByKernel: boolean
}

export const decodeLink = (payload: Uint8Array): Link => {
	const view = headerOf(payload, 16)
	const attributes = decodeAttributes(payload.subarray(16))
	return {
		index: view.getInt32(4, true),
		name: textOf(attributes, k.IFLA_IFNAME),
		isUp: (view.getUint32(8, true) & k.IFF_UP) !== 0,
	}
}

/** Bytes of the largest packet. */
export const decodeMTU = (payload: Uint8Array): number => {
	headerOf(payload, 16)
	return uint32Of(decodeAttributes(payload.subarray(16)), k.IFLA_MTU)
}

/** `dummy`, `bridge`; undefined or empty for hardware. */
export const decodeLinkKind = (payload: Uint8Array): string | undefined => {
	headerOf(payload, 16)
	const info = decodeAttributes(payload.subarray(16)).get(k.IFLA_LINKINFO)
	const attributes = info && decodeAttributes(info)
	return attributes?.has(k.IFLA_INFO_KIND) ? textOf(attributes, k.IFLA_INFO_KIND) : undefined
}

/** Undefined for an address of another family. */
export const decodeLinkAddress = (payload: Uint8Array): LinkAddress | undefined => {
	const view = headerOf(payload, 8)
	const family = familyFromNumber(view.getUint8(0))
	if (!family) {
		return undefined
	}
	const attributes = decodeAttributes(payload.subarray(8))
	// On a point-to-point link IFA_ADDRESS is the peer; IPv6 sends IFA_LOCAL only then.
	const type = attributes.has(k.IFA_LOCAL) ? k.IFA_LOCAL : k.IFA_ADDRESS
	return {
		index: view.getUint32(4, true),
		address: addressOf(bytesOf(attributes, type, byteLength(family)), family),
		prefixLength: view.getUint8(1),
		isNarrow: view.getUint8(3) >= k.RT_SCOPE_LINK,
	}
}

/** Undefined for a route that is not `local`, not to one host, or through no interface. */
export const decodeLocalRoute = (payload: Uint8Array): LocalRoute | undefined => {
	const view = headerOf(payload, 12)
	const family = familyFromNumber(view.getUint8(0))
	const attributes = decodeAttributes(payload.subarray(12))
	const isToHost = family !== undefined && view.getUint8(1) === byteLength(family) * 8
	const isLocal = view.getUint8(4) === k.RT_TABLE_LOCAL && view.getUint8(7) === k.RTN_LOCAL
	if (!family || !isToHost || !isLocal || !attributes.has(k.RTA_DST) || !attributes.has(k.RTA_OIF)) {
		return undefined
	}
	return {
		index: uint32Of(attributes, k.RTA_OIF),
		address: addressOf(bytesOf(attributes, k.RTA_DST, byteLength(family)), family),
		isByKernel: view.getUint8(5) === k.RTPROT_KERNEL,
	}
}

/** The next hops of a route, of which there may be several; none for a network on the link. */
export const decodeGateways = (payload: Uint8Array): readonly Address[] => {
	const family = familyFromNumber(headerOf(payload, 12).getUint8(0))
	if (!family) {
		return []
	}
	const attributes = decodeAttributes(payload.subarray(12))
	const hops = [attributes, ...decodeHops(attributes.get(k.RTA_MULTIPATH))]
	return hops.flatMap(hop =>
		hop.has(k.RTA_GATEWAY) ? [addressOf(bytesOf(hop, k.RTA_GATEWAY, byteLength(family)), family)] : [],
	)
}

/** `struct rtnexthop`: its length, 6 bytes more, its attributes. */
const decodeHops = (bytes: Uint8Array | undefined): readonly Attributes[] => {
	const hops: Attributes[] = []
	for (let rest = bytes ?? new Uint8Array(); rest.length >= 8; ) {
		const length = new DataView(rest.buffer, rest.byteOffset).getUint16(0, true)
		if (length < 8 || length > rest.length) {
			throw new DecodeError(`next hop of ${length} bytes`)
		}
		hops.push(decodeAttributes(rest.subarray(8, length)))
		rest = rest.subarray((length + 3) & ~3)
	}
	return hops
}

export const headerOf = (payload: Uint8Array, length: number): DataView => {
	if (payload.length < length) {
		throw new DecodeError(`rtnetlink message of ${payload.length} bytes`)
	}
	return new DataView(payload.buffer, payload.byteOffset, payload.byteLength)
}

const byteLength = (family: Family): 4 | 16 => (family === 'ipv4' ? 4 : 16)

const addressOf = (bytes: Uint8Array, family: Family): Address =>
	addressFromBytes(bytes.subarray(0, byteLength(family)))
