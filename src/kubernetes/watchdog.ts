import type {Clock} from '../clock.ts'

export interface Watchdog {
	/** There was a sign of life. */
	readonly feed: () => void
	readonly stop: () => void
}

const TICKS = 8

/** Calls `bite` once when it was not fed for `milliseconds`. Counts ticks, so that a clock that is set cannot fool it. */
export const createWatchdog = (clock: Clock, milliseconds: number, bite: () => void): Watchdog => {
	let idleTicks = 0
	let cancel = () => {}
	const tick = () => {
		idleTicks += 1
		if (idleTicks > TICKS) {
			bite()
		} else {
			cancel = clock.after(milliseconds / TICKS, tick)
		}
	}
	tick()
	return {
		feed: () => {
			idleTicks = 1
		},
		stop: () => cancel(),
	}
}
