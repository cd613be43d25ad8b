/** Where numbers start anew; the kernel keeps 32 bits of them, and no batch is as long as what is left beyond. */
const WRAP = 0xffff_0000

/** Sequence numbers of requests: they map a reply to what was asked. */
export class Sequence {
	#next = 1

	/** The first number of a batch; the others follow it without a gap. */
	begin(): number {
		this.#next = this.#next >= WRAP ? 1 : this.#next
		return this.#next
	}

	next(): number {
		return this.#next++
	}
}
