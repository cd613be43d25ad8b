import {isIPv4, isIPv6} from 'node:net'
import {parseAddress} from '../../../src/net/address.ts'
import {formatPrefix, parsePrefix} from '../../../src/net/prefix.ts'
import {parseProtocol, protocolFromNumber} from '../../../src/net/protocol.ts'

/** The parts of an entry for each type of set. */
const PARTS: Readonly<Record<string, readonly Part[]>> = {
	'hash:ip': ['ip'],
	'hash:net': ['net'],
	'hash:ip,port': ['ip', 'port'],
	'hash:ip,port,ip': ['ip', 'port', 'ip'],
	'hash:ip,port,net': ['ip', 'port', 'net'],
	'bitmap:port': ['number'],
}

export type Part = 'ip' | 'port' | 'net' | 'number'

export const partsOf = (type: string): readonly Part[] => {
	const parts = PARTS[type]
	if (!parts) {
		throw new Error(`the fake has no sets of type ${type}`)
	}
	return parts
}

export const isKnownType = (type: string): boolean => type in PARTS

/** An entry as `ipset` takes it, in canonical text. Throws for what it cannot make sense of. */
export const readEntry = (type: string, family6: boolean, text: string): string => {
	const words = text.split(',')
	const parts = partsOf(type)
	if (words.length !== parts.length) {
		throw new Error(`${text} is no entry for ${type}`)
	}
	return parts.map((part, at) => READERS[part](words[at] ?? '', family6)).join(',')
}

const readIp = (word: string, family6: boolean): string => {
	if (family6 ? !isIPv6(word) : !isIPv4(word)) {
		throw new Error(`cannot parse ${word}: resolving to IPv${family6 ? 6 : 4} address failed`)
	}
	return parseAddress(word) ?? word
}

/** Masked; a network as wide as a host has no length. */
export const readNet = (word: string, family6: boolean): string => {
	const [address = '', length] = word.split('/')
	if (length === undefined || Number(length) === (family6 ? 128 : 32)) {
		return readIp(address, family6)
	}
	const prefix = parsePrefix(word)
	if (!prefix || prefix.length === 0) {
		throw new Error('The value of the CIDR parameter of the IP address is invalid')
	}
	return formatPrefix(prefix)
}

const readNumber = (word: string): string => {
	if (!/^\d+$/.test(word) || Number(word) > 65_535) {
		throw new Error(`'${word}' is out of range 0-65535`)
	}
	return String(Number(word))
}

const readPort = (word: string): string => {
	const [name = '', port = ''] = word.includes(':') ? word.split(':') : ['tcp', word]
	const protocol = /^\d+$/.test(name) ? protocolFromNumber(Number(name)) : parseProtocol(name)
	if (!protocol) {
		throw new Error(`cannot parse '${name}' as a protocol`)
	}
	return `${protocol}:${readNumber(port)}`
}

const READERS: Readonly<Record<Part, (word: string, isIPv6: boolean) => string>> = {
	ip: readIp,
	net: readNet,
	number: readNumber,
	port: readPort,
}

/** From `skbmark 0x1/0xf`, or nothing. */
export const readMark = ([option, value = '']: readonly string[]): string => {
	if (option !== undefined && option !== 'skbmark') {
		throw new Error(`Unknown argument: ${option}`)
	}
	const [mark = 0, mask = 0xffff_ffff] = option === undefined ? [0, 0] : value.split('/').map(Number)
	return formatMark(mark, mask)
}

/** ` skbmark 0x1/0xf` as `ipset save` prints it, without a mask of all bits; nothing for a mark that sets no bit. */
export const formatMark = (mark: number, mask: number): string => {
	if (mask === 0xffff_ffff) {
		return ` skbmark 0x${mark.toString(16)}`
	}
	return mark === 0 && mask === 0 ? '' : ` skbmark 0x${mark.toString(16)}/0x${mask.toString(16)}`
}
