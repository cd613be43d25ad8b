import type {Clock} from '../clock.ts'

export interface TokenBucket {
	/** Takes one, and gives 0; or gives the milliseconds until there will be one. */
	readonly take: () => number
}

/** `burst` at once, then one each `refillMilliseconds`. */
export const createTokenBucket = (clock: Clock, burst: number, refillMilliseconds: number): TokenBucket => {
	let tokens = burst
	let at = clock.now()
	const refill = () => {
		const now = clock.now()
		// A clock that was set back gives nothing and takes nothing.
		tokens = Math.min(burst, tokens + Math.max(0, now - at) / refillMilliseconds)
		at = now
	}
	return {
		take: () => {
			refill()
			if (tokens >= 1) {
				tokens -= 1
				return 0
			}
			return Math.ceil((1 - tokens) * refillMilliseconds)
		},
	}
}
