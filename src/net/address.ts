import {isIPv4, isIPv6} from 'node:net'
import ipaddr from 'ipaddr.js'
import {joined} from '../compact.ts'
import {formatIPv6} from './format-ipv6.ts'

export type Family = 'ipv4' | 'ipv6'
export const FAMILIES = ['ipv4', 'ipv6'] as const satisfies readonly Family[]

/** An IP address in its one canonical text form (RFC 5952 for IPv6), so that equal addresses are equal strings. */
export type Address = string & {readonly __brand: 'Address'}

/** The canonical form, or undefined for what is no IP address (zone indexes and leading zeros included). */
export const parseAddress = (text: string): Address | undefined => {
	if (isIPv4(text)) {
		return text as Address
	}
	if (!isIPv6(text) || text.includes('%')) {
		return undefined
	}
	return ipaddr.IPv6.parse(withoutQuad(text)).toRFC5952String() as Address
}

/** ipaddr.js takes `::192.0.2.1` for `::ffff:192.0.2.1`, so it gets `::c000:201`. */
const withoutQuad = (text: string): string =>
	text.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...quad: readonly string[]) => {
		const [a, b, c, d] = quad.slice(0, 4).map(Number) as [number, number, number, number]
		return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
	})

export const familyOf = (address: Address): Family => (address.includes(':') ? 'ipv6' : 'ipv4')

/** Network byte order: 4 bytes for IPv4, 16 for IPv6. */
export const addressToBytes = (address: Address): number[] => ipaddr.parse(address).toByteArray()

/** The reverse of `addressToBytes`; throws a RangeError for any other length. */
export const addressFromBytes = (bytes: Uint8Array): Address => {
	if (bytes.length === 4) {
		return bytes.join('.') as Address
	}
	if (bytes.length === 16) {
		return formatIPv6(bytes) as Address
	}
	throw new RangeError(`an address has 4 or 16 bytes, not ${bytes.length}`)
}

/** `10.0.0.1:80`, `[fd00::a]:80`. */
export const formatSocketAddress = (address: Address, port: number): string =>
	address.includes(':') ? joined('[', address, ']:', port) : joined(address, ':', port)

/** The number of bits of an address of this family. */
export const bitsOf = (family: Family): 32 | 128 => (family === 'ipv4' ? 32 : 128)

/** Unspecified, loopback, link-local, multicast, broadcast: never the address of a Service or a pod (RFC 6890). */
const NEVER_SERVED =
	/^(0\.|127\.|169\.254\.|22[4-9]\.|23\d\.|255\.255\.255\.255$|::1?$|fe[89ab][0-9a-f]:|ff[0-9a-f]{2}:)/

/** It may be served or balanced to; the kernel refuses the others, or they would cut the node off from itself. */
export const isServable = (address: Address): boolean => !NEVER_SERVED.test(address)
