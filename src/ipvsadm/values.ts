import {type Address, addressToBytes, familyOf, parseAddress} from '../net/address.ts'
import type {Given} from './line-options.ts'
import {OptionError} from './option-error.ts'

/** A whole number in decimal digits; throws an OptionError for any other. */
export const readNumber = ({option, value}: Given, least: number, most: number): number => {
	const number = /^\d{1,10}$/.test(value) ? Number(value) : Number.NaN
	if (!(number >= least && number <= most)) {
		throw new OptionError(option, `${value || 'nothing'} is no whole number from ${least} to ${most}`)
	}
	return number
}

/** `10.0.0.1:80`, `[fd00::1]:80`, or an address alone, which gets the default port; else throws an OptionError. */
export const readSocket = ({option, value}: Given, defaultPort: number): {address: Address; port: number} => {
	const [, bracketed, plain, digits] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d{1,5}))?$/.exec(value) ?? []
	const address = parseAddress(bracketed ?? plain ?? value)
	const port = digits === undefined ? defaultPort : Number(digits)
	if (!address || port > 65_535 || (bracketed !== undefined && familyOf(address) === 'ipv4')) {
		throw new OptionError(
			option,
			`${value || 'nothing'} is no IP address with a port, as in 10.0.0.1:80 or [fd00::1]:80; save with \`-n\`, without names`,
		)
	}
	return {address, port}
}

/** Of an IPv4 address; throws an OptionError for a mask with holes, too. */
export const readNetmask = ({option, value}: Given): number => {
	const address = parseAddress(value)
	const bits =
		address && familyOf(address) === 'ipv4'
			? addressToBytes(address)
					.map(byte => byte.toString(2).padStart(8, '0'))
					.join('')
			: ''
	if (!/^1*0*$/.test(bits) || bits === '') {
		throw new OptionError(option, `${value || 'nothing'} is no netmask without holes, as in 255.255.255.0`)
	}
	return bits.lastIndexOf('1') + 1
}
