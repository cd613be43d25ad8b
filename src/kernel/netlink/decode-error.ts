/** Bytes from the kernel that are no message of the expected form. */
export class DecodeError extends Error {
	override readonly name = 'DecodeError'
}

/** Undefined for what does not decode; any other error is thrown on. */
export const decodeOrSkip = <Value>(payload: Uint8Array, decode: (payload: Uint8Array) => Value): Value | undefined => {
	try {
		return decode(payload)
	} catch (error) {
		if (error instanceof DecodeError) {
			return undefined
		}
		throw error
	}
}
