/** Collects the bytes of one text; throws a RangeError when it outgrows its limit. */
export class TextBuffer {
	private readonly limit: number
	private parts: Uint8Array[] = []
	private bytes = 0

	constructor(limit: number) {
		this.limit = limit
	}

	get size(): number {
		return this.bytes
	}

	add(part: Uint8Array): void {
		if (part.length === 0) {
			return
		}
		this.bytes += part.length
		if (this.bytes > this.limit) {
			throw new RangeError(`more than ${this.limit} bytes in one piece`)
		}
		this.parts.push(part)
	}

	/** Decoded as a whole, so that characters cut between chunks come out right. */
	peek(): string {
		return Buffer.concat(this.parts, this.bytes).toString('utf8')
	}

	/** `peek`, and begin anew. */
	take(): string {
		const text = this.peek()
		this.parts = []
		this.bytes = 0
		return text
	}
}
