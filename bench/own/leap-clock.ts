import {type Clock, systemClock} from '../../src/clock.ts'

interface Timer {
	readonly due: number
	readonly callback: () => void
	cancel: () => void
}

/** The system's time, which can be put forward: what waits for a time that has come by that is called at once. */
export class LeapClock implements Clock {
	readonly #timers = new Set<Timer>()
	#ahead = 0

	readonly now = (): number => systemClock.now() + this.#ahead
	readonly wall = (): number => systemClock.wall()

	readonly after = (milliseconds: number, callback: () => void): (() => void) => {
		const timer: Timer = {due: this.now() + milliseconds, callback, cancel: () => undefined}
		this.#timers.add(timer)
		this.#arm(timer)
		return () => this.#drop(timer)
	}

	leap(milliseconds: number): void {
		this.#ahead += milliseconds
		for (const timer of this.#timers) {
			timer.cancel()
			this.#arm(timer)
		}
	}

	#arm(timer: Timer): void {
		timer.cancel = systemClock.after(Math.max(timer.due - this.now(), 0), () => {
			this.#drop(timer)
			timer.callback()
		})
	}

	#drop(timer: Timer): void {
		timer.cancel()
		this.#timers.delete(timer)
	}
}
