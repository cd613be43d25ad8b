/** Sequence numbers of requests: they map a reply to what was asked. */
export class Sequence {
	#next = 1

	next(): number {
		return this.#next++
	}

	/** The number that `next` will give. */
	peek(): number {
		return this.#next
	}
}
