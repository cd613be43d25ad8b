/** Bytes from the kernel that are no message of the expected form. */
export class DecodeError extends Error {
	override readonly name = 'DecodeError'
}
