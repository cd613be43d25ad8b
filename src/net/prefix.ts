import ipaddr from 'ipaddr.js'
import {type Address, bitsOf, type Family, familyOf, parseAddress} from './address.ts'

/** A network in CIDR form; the host bits of `address` are zero. */
export interface Prefix {
	readonly address: Address
	readonly length: number
}

/** Host bits are masked away, surrounding white space is ignored; undefined for what is no CIDR. */
export const parsePrefix = (text: string): Prefix | undefined => {
	const match = /^([^/]+)\/(\d{1,3})$/.exec(text.trim())
	const address = match && parseAddress(match[1] ?? '')
	if (!address) {
		return undefined
	}
	const length = Number(match?.[2])
	if (length > bitsOf(familyOf(address))) {
		return undefined
	}
	const cidr = `${address}/${length}`
	const network = address.includes(':')
		? ipaddr.IPv6.networkAddressFromCIDR(cidr).toString()
		: ipaddr.IPv4.networkAddressFromCIDR(cidr).toString()
	const canonical = parseAddress(network)
	return canonical && {address: canonical, length}
}

export const formatPrefix = (prefix: Prefix): string => `${prefix.address}/${prefix.length}`

export const prefixFamily = (prefix: Prefix): Family => familyOf(prefix.address)

export const prefixContains = (prefix: Prefix, address: Address): boolean =>
	familyOf(prefix.address) === familyOf(address) &&
	ipaddr.parse(address).match(ipaddr.parse(prefix.address), prefix.length)

/** The same as `prefixContains`, of addresses in network byte order: many of both are compared at little cost. */
export const bytesContain = (network: readonly number[], length: number, address: readonly number[]): boolean => {
	const whole = length >> 3
	const rest = 8 - (length & 7)
	return (
		network.length === address.length &&
		network.every((byte, at) => at >= whole || byte === address[at]) &&
		(rest === 8 || (network[whole] ?? 0) >> rest === (address[whole] ?? 0) >> rest)
	)
}
