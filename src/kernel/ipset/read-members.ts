import {addressFromBytes} from '../../net/address.ts'
import {protocolFromNumber} from '../../net/protocol.ts'
import {markedEntry, type PresentSet, type SetEntry} from '../../state/ipset.ts'
import {NLA_HEADER, NLA_TYPE_MASK} from '../netlink/constants.ts'
import {DecodeError} from '../netlink/decode-error.ts'
import {align} from '../netlink/message.ts'
import * as k from './constants.ts'

/**
 * The entries among the attributes of IPSET_ATTR_ADT, none for a type of set that is not ours. Read in place: sets have
 * tens of thousands of members, and an object for each attribute would be most of the work. A DecodeError for a length
 * that does not fit.
 */
export const readMembers = (bytes: Uint8Array, {type, hasMarks}: PresentSet): readonly SetEntry[] => {
	const read = READERS.get(type)
	const entries: SetEntry[] = []
	for (let at = 0; read && at + NLA_HEADER <= bytes.length; ) {
		const end = endOf(bytes, at, bytes.length)
		if (typeAt(bytes, at) === k.IPSET_ATTR_DATA) {
			locate(bytes, at + NLA_HEADER, end)
			const element = read(bytes)
			entries.push(hasMarks && VALUES[k.IPSET_ATTR_SKBMARK] ? withMark(bytes, element) : element)
		}
		at = align(end)
	}
	return entries
}

const typeAt = (bytes: Uint8Array, at: number): number => uint16(bytes, at + 2) & NLA_TYPE_MASK

const endOf = (bytes: Uint8Array, at: number, limit: number): number => {
	const length = uint16(bytes, at)
	if (length < NLA_HEADER || at + length > limit) {
		throw new DecodeError(`netlink attribute of ${length} bytes at ${at} of ${limit}`)
	}
	return at + length
}

const uint16 = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)

/** Where the value of each attribute of the member at hand begins and ends; 0 for one that it has not. */
const VALUES = new Uint32Array(32)
const ENDS = new Uint32Array(32)

const locate = (bytes: Uint8Array, from: number, to: number): void => {
	VALUES.fill(0)
	for (let at = from; at + NLA_HEADER <= to; ) {
		const end = endOf(bytes, at, to)
		const type = typeAt(bytes, at)
		if (type < VALUES.length) {
			VALUES[type] = at + NLA_HEADER
			ENDS[type] = end
		}
		at = align(end)
	}
}

/** Where the value begins, which is there and at least so long. */
const valueAt = (type: number, length: number): number => {
	const at = VALUES[type] ?? 0
	if (at === 0 || at + length > (ENDS[type] ?? 0)) {
		throw new DecodeError(`member of a set without attribute ${type}`)
	}
	return at
}

const readAddress = (bytes: Uint8Array, type: number): string => {
	const at = valueAt(type, NLA_HEADER + 4)
	const from = at + NLA_HEADER
	switch (typeAt(bytes, at)) {
		case k.IPSET_ATTR_IPADDR_IPV4:
			return `${bytes[from]}.${bytes[from + 1]}.${bytes[from + 2]}.${bytes[from + 3]}`
		case k.IPSET_ATTR_IPADDR_IPV6:
			return addressFromBytes(bytes.subarray(from, valueAt(type, NLA_HEADER + 16) + NLA_HEADER + 16))
		default:
			throw new DecodeError('member of a set with an address of no known family')
	}
}

const readPort = (bytes: Uint8Array): number => {
	const at = valueAt(k.IPSET_ATTR_PORT, 2)
	return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
}

/** A protocol that is none of ours stays a number; for ICMP the port is type and code. */
const readProtocolAndPort = (bytes: Uint8Array): string => {
	const number = bytes[valueAt(k.IPSET_ATTR_PROTO, 1)] ?? 0
	return `${protocolFromNumber(number) ?? number}:${readPort(bytes)}`
}

const readAddressAndPort = (bytes: Uint8Array): string =>
	`${readAddress(bytes, k.IPSET_ATTR_IP)},${readProtocolAndPort(bytes)}`

const readNetwork = (bytes: Uint8Array): string => {
	const address = readAddress(bytes, k.IPSET_ATTR_IP2)
	const length = bytes[valueAt(k.IPSET_ATTR_CIDR2, 1)] ?? 0
	return length === (address.includes(':') ? 128 : 32) ? address : `${address}/${length}`
}

/** The member at hand in canonical text, without its mark. */
const READERS: ReadonlyMap<string, (bytes: Uint8Array) => string> = new Map([
	['hash:ip', bytes => readAddress(bytes, k.IPSET_ATTR_IP)],
	['hash:ip,port', readAddressAndPort],
	['hash:ip,port,ip', bytes => `${readAddressAndPort(bytes)},${readAddress(bytes, k.IPSET_ATTR_IP2)}`],
	['hash:ip,port,net', bytes => `${readAddressAndPort(bytes)},${readNetwork(bytes)}`],
	['bitmap:port', bytes => String(readPort(bytes))],
])

const withMark = (bytes: Uint8Array, element: string): SetEntry => {
	const at = valueAt(k.IPSET_ATTR_SKBMARK, 8)
	const view = new DataView(bytes.buffer, bytes.byteOffset + at, 8)
	return markedEntry(element, view.getUint32(0, false), view.getUint32(4, false))
}
