/** Little helpers for numbers in messages. Little-endian: every platform that Node.js and Kubernetes share is. */

export const uint32 = (value: number): Uint8Array =>
	new Uint8Array([value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24])

/** Text with its final NUL. */
export const text = (value: string): Uint8Array => new Uint8Array(Buffer.from(`${value}\0`, 'latin1'))

export const putUint16 = (target: Uint8Array, at: number, value: number): void => {
	target[at] = value & 0xff
	target[at + 1] = (value >>> 8) & 0xff
}

export const putUint32 = (target: Uint8Array, at: number, value: number): void => {
	target[at] = value & 0xff
	target[at + 1] = (value >>> 8) & 0xff
	target[at + 2] = (value >>> 16) & 0xff
	target[at + 3] = (value >>> 24) & 0xff
}

export const uint16At = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)

/** Network byte order. */
export const putUint32BE = (target: Uint8Array, at: number, value: number): void => {
	putPort(target, at, value >>> 16)
	putPort(target, at + 2, value & 0xffff)
}

/** Network byte order. */
export const putPort = (target: Uint8Array, at: number, port: number): void => {
	target[at] = (port >>> 8) & 0xff
	target[at + 1] = port & 0xff
}
