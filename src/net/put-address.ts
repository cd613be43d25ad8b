import {isIPv4, isIPv6} from 'node:net'
import {type Address, addressToBytes, type Family, familyOf} from './address.ts'

/** The same for any address as it is known here. */
export const layDownAddress = (target: Uint8Array, at: number, address: Address): void => {
	if (!putAddress(target, at, address, familyOf(address))) {
		target.set(addressToBytes(address), at)
	}
}

/**
 * Lays an address down in network byte order, 4 or 16 bytes from `at`; false for text that is no address of this family
 * in canonical form. For tens of thousands of them: makes nothing that stays.
 */
export const putAddress = (target: Uint8Array, at: number, text: string, family: Family): boolean =>
	family === 'ipv4' ? putIPv4(target, at, text) : putIPv6(target, at, text)

const putIPv4 = (target: Uint8Array, at: number, text: string): boolean => {
	if (!isIPv4(text)) {
		return false
	}
	let [byte, place] = [0, at]
	for (let index = 0; index < text.length; index++) {
		const code = text.charCodeAt(index)
		if (code === DOT) {
			target[place++] = byte
			byte = 0
		} else {
			byte = byte * 10 + code - ZERO
		}
	}
	target[place] = byte
	return true
}

const DOT = 46
const ZERO = 48

const putIPv6 = (target: Uint8Array, at: number, text: string): boolean => {
	if (!isIPv6(text) || UNUSUAL.test(text)) {
		return false
	}
	const [head = '', tail = ''] = text.split('::')
	target.fill(0, at, at + 16)
	putGroups(target, at, head)
	putGroups(target, at + 16 - 2 * countGroups(tail), tail)
	return true
}

/** A zone, or a dotted quad. */
const UNUSUAL = /[.%]/

const countGroups = (text: string): number => (text === '' ? 0 : text.split(':').length)

const putGroups = (target: Uint8Array, at: number, text: string): void => {
	for (const [index, group] of text === '' ? [] : text.split(':').entries()) {
		const value = Number.parseInt(group, 16)
		target[at + 2 * index] = value >>> 8
		target[at + 2 * index + 1] = value & 0xff
	}
}
