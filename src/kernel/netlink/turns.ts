/** One piece of work after the other. */
export class Turns {
	#tail: Promise<unknown> = Promise.resolve()

	/** Settles as the work does, which begins when all before it has ended, well or not. */
	take<Result>(work: () => Promise<Result>): Promise<Result> {
		const turn = this.#tail.then(work)
		this.#tail = turn.catch(() => undefined)
		return turn
	}
}
