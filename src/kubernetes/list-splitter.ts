import {TextBuffer} from './text-buffer.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const ITEMS_KEY = /"items"\s*:\s*$/

/**
 * Takes a Kubernetes list apart while it arrives. An API server answers `resourceVersion=0` in one piece, whatever the
 * limit: with this, 40 MB of list cost the memory of one item.
 */
export class ListSplitter {
	private readonly item: TextBuffer
	private readonly envelope: TextBuffer
	private depth = 0
	private inItems = false
	private inString = false
	private escaped = false
	private chunk: Uint8Array = new Uint8Array()
	/** Where in the chunk the part begins that belongs to `item` or `envelope` and is not there yet. */
	private start = 0
	private items: string[] = []

	/** No item, nor all the rest, may be longer than this. */
	constructor(limit: number) {
		this.item = new TextBuffer(limit)
		this.envelope = new TextBuffer(limit)
	}

	/** The texts of the items that this chunk completes; throws a RangeError when one outgrows the limit. */
	push(chunk: Uint8Array): string[] {
		this.chunk = chunk
		this.start = 0
		this.items = []
		let at = 0
		while (at < chunk.length) {
			at = this.inString ? this.skipString(at) : this.step(at)
		}
		this.keep(at)
		return this.items
	}

	/** The list as text with its items left out; undefined when it was cut. */
	end(): string | undefined {
		return this.depth === 0 && this.envelope.size > 0 ? this.envelope.take() : undefined
	}

	private step(at: number): number {
		switch (this.chunk[at]) {
			case QUOTE:
				this.inString = true
				break
			case OPEN_BRACE:
			case OPEN_BRACKET:
				this.open(at)
				break
			case CLOSE_BRACE:
			case CLOSE_BRACKET:
				this.close(at)
				break
		}
		return at + 1
	}

	/** The index after the end of the string, or of the chunk. */
	private skipString(from: number): number {
		for (let at = from; at < this.chunk.length; at++) {
			const byte = this.chunk[at]
			if (this.escaped) {
				this.escaped = false
			} else if (byte === BACKSLASH) {
				this.escaped = true
			} else if (byte === QUOTE) {
				this.inString = false
				return at + 1
			}
		}
		return this.chunk.length
	}

	private open(at: number): void {
		if (this.inItems && this.depth === 2) {
			this.start = at
		} else if (!this.inItems && this.depth === 1 && this.chunk[at] === OPEN_BRACKET) {
			this.keep(at)
			this.inItems = ITEMS_KEY.test(this.envelope.peek())
			if (this.inItems) {
				this.envelope.add(this.chunk.subarray(at, at + 1))
			}
		}
		this.depth += 1
	}

	private close(at: number): void {
		if (this.inItems && this.depth === 3) {
			this.keep(at + 1)
			this.items.push(this.item.take())
		} else if (this.inItems && this.depth === 2) {
			this.inItems = false
			this.start = at
		}
		this.depth -= 1
	}

	/** Puts the chunk up to `end` where it belongs; what is between items belongs nowhere. */
	private keep(end: number): void {
		const part = this.chunk.subarray(this.start, end)
		this.start = end
		if (!this.inItems) {
			this.envelope.add(part)
		} else if (this.depth > 2) {
			this.item.add(part)
		}
	}
}
