import type {Clock} from '../clock.ts'
import type {Stage} from '../observe/observer.ts'

/** How long each stage of one sync took. */
export class Stopwatch {
	readonly #clock: Pick<Clock, 'now'>
	/** Milliseconds. */
	readonly spent = new Map<Stage, number>()

	constructor(clock: Pick<Clock, 'now'>) {
		this.#clock = clock
	}

	/** Whatever the work comes to, well or not. */
	async time<Result>(stage: Stage, work: () => Result | Promise<Result>): Promise<Result> {
		const start = this.#clock.now()
		try {
			return await work()
		} finally {
			this.spent.set(stage, (this.spent.get(stage) ?? 0) + this.#clock.now() - start)
		}
	}
}
