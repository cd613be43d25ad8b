import {type Attributes, bytesOf, nestedOf, portOf, textOf} from '../../../src/kernel/netlink/attributes.ts'
import {addressFromBytes, addressToBytes, parseAddress} from '../../../src/net/address.ts'
import {PROTOCOL_NUMBERS, parseProtocol, protocolFromNumber} from '../../../src/net/protocol.ts'
import {formatMark, isKnownType, type Part, partsOf, readNet} from './ipset-entries.ts'
import type {FakeEntry, FakeSet} from './ipset-table.ts'
import {IPSET_ERR} from './uapi.ts'
import {attribute, be16, be32, bytes, cstring, nest} from './wire.ts'

const [TYPENAME, REVISION, FAMILY, DATA, ADT] = [3, 4, 5, 7, 8] as const
export const [PROTOCOL, SETNAME, SETNAME2, FLAGS, PROTOCOL_MIN] = [1, 2, 3, 6, 10] as const
const [IP, CIDR, PORT, PORT_TO, TIMEOUT, PROTO, CADT_FLAGS] = [1, 3, 4, 5, 6, 7, 8] as const
const [HASHSIZE, MAXELEM, NETMASK] = [18, 19, 20] as const
const [IP2, CIDR2, SKBMARK] = [20, 21, 27] as const
const [WITH_FORCEADD, WITH_SKBINFO] = [0x20, 0x40] as const
const NET_BYTEORDER = 0x4000

/** What each type can at most: as Linux 6.1. */
const NEWEST: Readonly<Record<string, number>> = {
	'hash:ip': 5,
	'hash:net': 7,
	'hash:ip,port': 6,
	'hash:ip,port,ip': 6,
	'hash:ip,port,net': 8,
	'bitmap:port': 3,
}

/** The set that a request to create one asks for, or an errno. */
export const decodeSet = (asked: Attributes): FakeSet | number => {
	const type = textOf(asked, TYPENAME)
	const revision = bytesOf(asked, REVISION, 1)[0] ?? 0
	if (!isKnownType(type) || revision > (NEWEST[type] ?? 0)) {
		return IPSET_ERR.FIND_TYPE
	}
	const data = nestedOf(asked, DATA)
	const flags = data.has(CADT_FLAGS) ? be32Of(data, CADT_FLAGS) : 0
	const range = type === 'bitmap:port' ? `${portOf(data, PORT)}-${portOf(data, PORT_TO)}` : FULL_RANGE
	return {
		type,
		revision,
		isIPv6: bytesOf(asked, FAMILY, 1)[0] === 10,
		maxElements: data.has(MAXELEM) ? be32Of(data, MAXELEM) : 65_536,
		hasMarks: (flags & WITH_SKBINFO) !== 0,
		options: range === FULL_RANGE ? [] : ['range', range],
		entries: new Map(),
	}
}

const FULL_RANGE = '0-65535'

const be32Of = (attributes: Attributes, type: number): number =>
	Buffer.from(bytesOf(attributes, type, 4)).readUInt32BE(0)

/** The entry of a request to add or delete one, or an errno. */
export const decodeEntry = (asked: Attributes, {type, isIPv6}: FakeSet): FakeEntry | number => {
	const data = nestedOf(asked, DATA)
	const words: string[] = []
	for (const part of partsOf(type)) {
		const word = decodePart(data, part, isIPv6, words.length > 0)
		if (typeof word === 'number') {
			return word
		}
		words.push(word)
	}
	const mark = data.has(SKBMARK) ? Buffer.from(bytesOf(data, SKBMARK, 8)) : undefined
	return {element: words.join(), mark: mark ? formatMark(mark.readUInt32BE(0), mark.readUInt32BE(4)) : ''}
}

const decodePart = (data: Attributes, part: Part, isIPv6: boolean, isSecond: boolean): string | number => {
	if (part === 'number') {
		return String(portOf(data, PORT))
	}
	if (part === 'port') {
		const number = bytesOf(data, PROTO, 1)[0] ?? 0
		return `${protocolFromNumber(number) ?? number}:${portOf(data, PORT)}`
	}
	const address = nestedOf(data, isSecond ? IP2 : IP).get(isIPv6 ? 2 : 1)
	if (!address) {
		return isIPv6 ? IPSET_ERR.IPADDR_IPV6 : IPSET_ERR.IPADDR_IPV4
	}
	const text = addressFromBytes(address)
	return part === 'net' ? readNetwork(text, bytesOf(data, isSecond ? CIDR2 : CIDR, 1)[0] ?? 0, isIPv6) : text
}

const readNetwork = (address: string, length: number, isIPv6: boolean): string | number =>
	length === 0 ? IPSET_ERR.INVALID_CIDR : readNet(`${address}/${length}`, isIPv6)

/** As many members as fit in a message here; a kernel fits in some hundred. */
const MEMBERS = 50

export const writeName = (name: string): Uint8Array =>
	bytes([2, 0, 0, 0], attribute(PROTOCOL, bytes(6)), attribute(SETNAME, cstring(name)))

/** The messages of a dump about one set: only the first says what kind of set it is. */
export const writeSet = (name: string, set: FakeSet): readonly Uint8Array[] => {
	const {type, isIPv6, revision, entries} = set
	const head = [
		attribute(TYPENAME, cstring(type)),
		attribute(FAMILY, bytes(type === 'bitmap:port' ? 0 : isIPv6 ? 10 : 2)),
		attribute(REVISION, bytes(revision)),
		nest(DATA, ...writeSettings(set)),
	]
	const members = [...entries].map(([element, mark]) => nest(DATA, ...writeElement(set, element), ...writeMark(mark)))
	const count = Math.max(1, Math.ceil(members.length / MEMBERS))
	return Array.from({length: count}, (_, at) =>
		bytes(writeName(name), ...(at === 0 ? head : []), nest(ADT, ...members.slice(at * MEMBERS, (at + 1) * MEMBERS))),
	)
}

const writeSettings = ({type, maxElements, hasMarks, options}: FakeSet): readonly Uint8Array[] => {
	const optionOf = (key: string) => (options.includes(key) ? options[options.indexOf(key) + 1] : undefined)
	const [first, last] = (optionOf('range') ?? FULL_RANGE).split('-').map(Number)
	const [timeout, netmask] = [optionOf('timeout'), optionOf('netmask')]
	const flags = (hasMarks ? WITH_SKBINFO : 0) | (options.includes('forceadd') ? WITH_FORCEADD : 0)
	const net = (attributeType: number, value: Uint8Array) => attribute(attributeType | NET_BYTEORDER, value)
	return [
		...(type === 'bitmap:port'
			? [net(PORT, be16(first ?? 0)), net(PORT_TO, be16(last ?? 0))]
			: [net(HASHSIZE, be32(1024)), net(MAXELEM, be32(maxElements))]),
		...(timeout === undefined ? [] : [net(TIMEOUT, be32(Number(timeout)))]),
		...(netmask === undefined ? [] : [attribute(NETMASK, bytes(Number(netmask)))]),
		...(flags === 0 ? [] : [net(CADT_FLAGS, be32(flags))]),
	]
}

const writeElement = ({type, isIPv6}: FakeSet, element: string): readonly Uint8Array[] => {
	const words = element.split(',')
	return partsOf(type).flatMap((part, at) => writePart(part, words[at] ?? '', isIPv6, at > 0))
}

const writePart = (part: Part, word: string, isIPv6: boolean, isSecond: boolean): readonly Uint8Array[] => {
	if (part === 'number') {
		return [attribute(PORT | NET_BYTEORDER, be16(Number(word)))]
	}
	if (part === 'port') {
		const [name = '', port] = word.split(':')
		const protocol = parseProtocol(name)
		const number = protocol ? PROTOCOL_NUMBERS[protocol] : Number(name)
		return [attribute(PORT | NET_BYTEORDER, be16(Number(port))), attribute(PROTO, bytes(number))]
	}
	const [text = '', length = isIPv6 ? 128 : 32] = word.split('/')
	const address = attribute(
		(isIPv6 ? 2 : 1) | NET_BYTEORDER,
		Uint8Array.from(addressToBytes(parseAddress(text) ?? fail(text))),
	)
	const cidr = attribute(isSecond ? CIDR2 : CIDR, bytes(Number(length)))
	return [nest(isSecond ? IP2 : IP, address), ...(part === 'net' ? [cidr] : [])]
}

const fail = (text: string): never => {
	throw new Error(`${text}: no address`)
}

const writeMark = (text: string): readonly Uint8Array[] => {
	const [, mark, mask = '0xffffffff'] = /^ skbmark (0x[0-9a-f]+)(?:\/(0x[0-9a-f]+))?$/.exec(text) ?? []
	return mark === undefined ? [] : [attribute(SKBMARK | NET_BYTEORDER, bytes(be32(Number(mark)), be32(Number(mask))))]
}
