import {isIPv4, isIPv6} from 'node:net'
import {parseAddress} from '../../../src/net/address.ts'
import {parsePrefix} from '../../../src/net/prefix.ts'
import {parseProtocol, protocolFromNumber} from '../../../src/net/protocol.ts'

/** Words of ipset about a line that it cannot make sense of. */
export class SyntaxTrouble extends Error {}

/** The parts of an entry for each type of set. */
const PARTS: Readonly<Record<string, readonly Part[]>> = {
	'hash:ip': ['ip'],
	'hash:net': ['net'],
	'hash:ip,port': ['ip', 'port'],
	'hash:ip,port,ip': ['ip', 'port', 'ip'],
	'hash:ip,port,net': ['ip', 'port', 'net'],
	'bitmap:port': ['number'],
}

type Part = 'ip' | 'port' | 'net' | 'number'

export const isKnownType = (type: string): boolean => type in PARTS

/** An entry as `ipset save` prints it: protocols by name, networks masked, IPv6 as the C library writes it. */
export const readEntry = (type: string, isIPv6: boolean, text: string): string => {
	const words = text.split(',')
	const parts = PARTS[type] ?? []
	if (words.length !== parts.length) {
		throw new SyntaxTrouble(`Second element is missing from ${text}.`)
	}
	return parts.map((part, at) => READERS[part](words[at] ?? '', isIPv6)).join(',')
}

const readIp = (word: string, family6: boolean): string => {
	if (family6 ? !isIPv6(word) : !isIPv4(word)) {
		throw new SyntaxTrouble(`cannot parse ${word}: resolving to IPv${family6 ? 6 : 4} address failed`)
	}
	return printIp(word)
}

/** getnameinfo writes addresses in ::/96 and ::ffff:0:0/96 with a dotted quad; all others as RFC 5952 does. */
const printIp = (word: string): string => {
	const canonical = parseAddress(word) ?? word
	const match = /^::(ffff:)?([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical)
	if (!match) {
		return canonical
	}
	const quad = [match[2], match[3]].flatMap(group => {
		const number = Number.parseInt(group ?? '0', 16)
		return [number >> 8, number & 255]
	})
	return `::${match[1] ?? ''}${quad.join('.')}`
}

const readNet = (word: string, family6: boolean): string => {
	const [address = '', length] = word.split('/')
	const bits = family6 ? 128 : 32
	if (length === undefined || Number(length) === bits) {
		return readIp(address, family6)
	}
	const prefix = parsePrefix(word)
	if (!prefix || prefix.length === 0) {
		throw new RangeError('The value of the CIDR parameter of the IP address is invalid')
	}
	return `${printIp(prefix.address)}/${prefix.length}`
}

const readNumber = (word: string): string => {
	if (!/^\d+$/.test(word) || Number(word) > 65_535) {
		throw new SyntaxTrouble(`'${word}' is out of range 0-65535`)
	}
	return String(Number(word))
}

const readPort = (word: string): string => {
	const [name = '', port = ''] = word.includes(':') ? word.split(':') : ['tcp', word]
	const protocol = /^\d+$/.test(name) ? protocolFromNumber(Number(name)) : parseProtocol(name)
	if (!protocol) {
		throw new SyntaxTrouble(`cannot parse '${name}' as a protocol`)
	}
	return `${protocol}:${readNumber(port)}`
}

const READERS: Readonly<Record<Part, (word: string, isIPv6: boolean) => string>> = {
	ip: readIp,
	net: readNet,
	number: readNumber,
	port: readPort,
}

/** ` skbmark 0x1/0xf` as `ipset save` prints it, without a mask of all bits; nothing for no mark, or one without bits. */
export const readMark = ([option, value = '', ...rest]: readonly string[]): string => {
	if (option === undefined) {
		return ''
	}
	const [mark, mask = 0xffff_ffff] = value.split('/').map(Number)
	if (option !== 'skbmark' || mark === undefined || Number.isNaN(mark + mask) || rest.length > 0) {
		throw new SyntaxTrouble(`Unknown argument: \`${option}'`)
	}
	if (mask === 0xffff_ffff) {
		return ` skbmark 0x${mark.toString(16)}`
	}
	return mark === 0 && mask === 0 ? '' : ` skbmark 0x${mark.toString(16)}/0x${mask.toString(16)}`
}
