export interface BackOff {
	/** Milliseconds to wait before the next attempt. */
	readonly next: () => number
	/** How often in a row `next` was asked. */
	readonly attempts: () => number
	/** After a healthy stretch: begin again with the shortest pause. */
	readonly reset: () => void
}

export interface BackOffLimits {
	readonly firstMilliseconds: number
	readonly lastMilliseconds: number
}

/** client-go's: many nodes that lose one API server must not come back in step. */
export const DEFAULT_BACK_OFF: BackOffLimits = {firstMilliseconds: 800, lastMilliseconds: 30_000}

/** Doubles from the first pause to the last one; each pause is drawn from its upper half. `random` gives [0, 1). */
export const createBackOff = (random: () => number, limits: BackOffLimits = DEFAULT_BACK_OFF): BackOff => {
	let attempts = 0
	return {
		next: () => {
			const full = Math.min(limits.lastMilliseconds, 2 * limits.firstMilliseconds * 2 ** Math.min(attempts, 30))
			attempts += 1
			return Math.round(full / 2 + (random() * full) / 2)
		},
		attempts: () => attempts,
		reset: () => {
			attempts = 0
		},
	}
}
