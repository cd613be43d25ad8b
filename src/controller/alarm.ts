import type {Clock} from '../clock.ts'

/** Lets one loop sleep until it is rung or a time has come. Rung while nobody sleeps, it ends the next sleep at once. */
export class Alarm {
	readonly #clock: Clock
	#isRung = false
	#wake: (() => void) | undefined

	constructor(clock: Clock) {
		this.#clock = clock
	}

	ring(): void {
		this.#isRung = true
		this.#wake?.()
	}

	/** Until rung, until `due` (milliseconds since 1970, or Infinity), or until the signal is aborted. */
	async sleep(due: number, signal: AbortSignal): Promise<void> {
		if (!this.#isRung && !signal.aborted) {
			await new Promise<void>(resolve => {
				const wait = Math.min(due - this.#clock.now(), MAX_TIMER)
				const cancel = this.#clock.after(Math.max(wait, 0), () => this.#wake?.())
				this.#wake = () => {
					this.#wake = undefined
					cancel()
					signal.removeEventListener('abort', onAbort)
					resolve()
				}
				const onAbort = () => this.#wake?.()
				signal.addEventListener('abort', onAbort, {once: true})
			})
		}
		this.#isRung = false
	}
}

/** The longest time that a timer takes: 24 days. */
const MAX_TIMER = 2 ** 31 - 1
