/** How long to wait before another attempt. */
export interface BackOffLimits {
	readonly firstMilliseconds: number
	readonly lastMilliseconds: number
}

/**
 * Pauses that double from the first to the last. With `random`, which gives [0, 1), each is drawn from its upper half:
 * many nodes that lose one API server must not come back in step.
 */
export class BackOff {
	readonly #limits: BackOffLimits
	readonly #random: () => number
	#attempts = 0
	#pause: number

	constructor(limits: BackOffLimits, random: () => number = () => 1) {
		this.#limits = limits
		this.#random = random
		this.#pause = this.#draw()
	}

	/** Milliseconds: what `next` will give. */
	get pause(): number {
		return this.#pause
	}

	/** How often in a row `next` was asked. */
	get attempts(): number {
		return this.#attempts
	}

	next(): number {
		const pause = this.#pause
		this.#attempts += 1
		this.#pause = this.#draw()
		return pause
	}

	/** After a healthy stretch. */
	reset(): void {
		this.#attempts = 0
		this.#pause = this.#draw()
	}

	#draw(): number {
		const {firstMilliseconds, lastMilliseconds} = this.#limits
		const longest = Math.min(lastMilliseconds, firstMilliseconds * 2 ** this.#attempts)
		return Math.round(longest / 2 + (this.#random() * longest) / 2)
	}
}
