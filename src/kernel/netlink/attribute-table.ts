import {uint16At} from './bytes.ts'
import {NLA_HEADER, NLA_TYPE_MASK} from './constants.ts'
import {DecodeError} from './decode-error.ts'
import {align} from './message.ts'

/** Of higher types there is nothing that we ask for. */
const TYPES = 32

/**
 * The attributes of one message at a time, read in place. For messages that come by the hundred thousand: an object for
 * each attribute, as of `decodeAttributes`, would be most of the work.
 */
export class AttributeTable {
	readonly #starts = new Uint32Array(TYPES)
	readonly #ends = new Uint32Array(TYPES)
	#bytes: Uint8Array = new Uint8Array()

	/** Takes these attributes instead of those of before; a DecodeError for a length that does not fit. */
	read(bytes: Uint8Array, from = 0, to = bytes.length): void {
		this.#bytes = bytes
		this.#starts.fill(0)
		for (let at = from; at + NLA_HEADER <= to; ) {
			const length = uint16At(bytes, at)
			if (length < NLA_HEADER || at + length > to) {
				throw new DecodeError(`netlink attribute of ${length} bytes at ${at} of ${to}`)
			}
			const type = uint16At(bytes, at + 2) & NLA_TYPE_MASK
			if (type < TYPES) {
				this.#starts[type] = at + NLA_HEADER
				this.#ends[type] = at + length
			}
			at += align(length)
		}
	}

	/** Takes those that are nested in one. */
	readNested(type: number): void {
		this.read(this.#bytes, this.#startOf(type, 0), this.#ends[type])
	}

	has(type: number): boolean {
		return this.#starts[type] !== 0
	}

	uint8(type: number): number {
		return this.#bytes[this.#startOf(type, 1)] ?? 0
	}

	uint16(type: number): number {
		return uint16At(this.#bytes, this.#startOf(type, 2))
	}

	uint32(type: number): number {
		const at = this.#startOf(type, 4)
		return uint16At(this.#bytes, at) + uint16At(this.#bytes, at + 2) * 0x1_0000
	}

	/** Of 4 or 8 bytes, whichever it has; above 2^53 not exact. */
	number(type: number): number {
		const low = this.uint32(type)
		const at = this.#startOf(type, 4) + 4
		const high = this.#endOf(type) - at < 4 ? 0 : uint16At(this.#bytes, at) + uint16At(this.#bytes, at + 2) * 0x1_0000
		return low + high * 0x1_0000_0000
	}

	/** Ports travel in network byte order. */
	port(type: number): number {
		const number = this.uint16(type)
		return ((number & 0xff) << 8) | (number >> 8)
	}

	/** So many from its beginning, not copied. */
	bytes(type: number, length: number): Uint8Array {
		const at = this.#startOf(type, length)
		return this.#bytes.subarray(at, at + length)
	}

	/** Where its value begins, which has to be there and at least so long. */
	#startOf(type: number, length: number): number {
		const at = this.#starts[type] ?? 0
		if (at === 0) {
			throw new DecodeError(`netlink attribute ${type}: missing`)
		}
		const size = this.#endOf(type) - at
		if (size < length) {
			throw new DecodeError(`netlink attribute ${type}: only ${size} bytes`)
		}
		return at
	}

	#endOf(type: number): number {
		return this.#ends[type] ?? 0
	}
}
