import {NLA_HEADER, NLA_TYPE_MASK} from './constants.ts'
import {DecodeError} from './decode-error.ts'
import {align} from './message.ts'

/** Attributes by type; of a type that occurs twice the last one counts. Unknown ones stay, for nobody to ask. */
export type Attributes = ReadonlyMap<number, Uint8Array>

/** struct nlattr one after the other; a DecodeError for a length that does not fit. */
export const decodeAttributes = (bytes: Uint8Array): Attributes => {
	const view = viewOf(bytes)
	const attributes = new Map<number, Uint8Array>()
	for (let at = 0; at + NLA_HEADER <= bytes.length; ) {
		const length = view.getUint16(at, true)
		if (length < NLA_HEADER || at + length > bytes.length) {
			throw new DecodeError(`netlink attribute of ${length} bytes at ${at} of ${bytes.length}`)
		}
		attributes.set(view.getUint16(at + 2, true) & NLA_TYPE_MASK, bytes.subarray(at + NLA_HEADER, at + length))
		at += align(length)
	}
	return attributes
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** The bytes of an attribute that has to be there, at least so many. */
export const bytesOf = (attributes: Attributes, type: number, length: number): Uint8Array => {
	const bytes = attributes.get(type)
	if (!bytes || bytes.length < length) {
		throw new DecodeError(`netlink attribute ${type}: ${bytes ? `only ${bytes.length} bytes` : 'missing'}`)
	}
	return bytes
}

export const uint16Of = (attributes: Attributes, type: number): number =>
	viewOf(bytesOf(attributes, type, 2)).getUint16(0, true)

export const uint32Of = (attributes: Attributes, type: number): number =>
	viewOf(bytesOf(attributes, type, 4)).getUint32(0, true)

/** Ports travel in network byte order. */
export const portOf = (attributes: Attributes, type: number): number =>
	viewOf(bytesOf(attributes, type, 2)).getUint16(0, false)

/** Text up to its NUL. */
export const textOf = (attributes: Attributes, type: number): string => {
	const bytes = bytesOf(attributes, type, 1)
	const end = bytes.indexOf(0)
	return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end)).toString('latin1')
}

export const nestedOf = (attributes: Attributes, type: number): Attributes =>
	decodeAttributes(bytesOf(attributes, type, 0))
