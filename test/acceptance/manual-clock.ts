import type {Clock} from '../../src/clock.ts'

/** Time that passes only when it is told to. */
export class ManualClock implements Clock {
	#now = Date.UTC(2026, 0, 1)
	#timers: readonly Timer[] = []

	readonly now = (): number => this.#now
	readonly wall = this.now

	readonly after = (milliseconds: number, callback: () => void): (() => void) => {
		const timer = {due: this.#now + milliseconds, callback}
		this.#timers = [...this.#timers, timer]
		return () => {
			this.#timers = this.#timers.filter(other => other !== timer)
		}
	}

	/** Lets so much time pass, timer after timer, and all that each of them sets off. */
	async advance(milliseconds: number): Promise<void> {
		const end = this.#now + milliseconds
		await untilIdle()
		for (;;) {
			const [next] = this.#timers.filter(({due}) => due <= end).sort((a, b) => a.due - b.due)
			if (!next) {
				break
			}
			this.#timers = this.#timers.filter(timer => timer !== next)
			this.#now = Math.max(this.#now, next.due)
			next.callback()
			await untilIdle()
		}
		this.#now = end
	}
}

interface Timer {
	readonly due: number
	readonly callback: () => void
}

/** Until everything that waits for nothing but promises has been done. */
export const untilIdle = (): Promise<void> => new Promise(resolve => setImmediate(resolve))
