const SHORTEST = 500
const LONGEST = 60_000

/** Ever longer pauses, in milliseconds. One process retries against its own kernel, so there is no need for jitter. */
export class BackOff {
	#pause = SHORTEST

	/** The pause that `next` will give. */
	get pause(): number {
		return this.#pause
	}

	next(): number {
		const pause = this.#pause
		this.#pause = Math.min(pause * 2, LONGEST)
		return pause
	}

	reset(): void {
		this.#pause = SHORTEST
	}
}
