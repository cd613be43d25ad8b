/** Time as a value to pass in, so that nothing but the edge knows what time it is. */
export interface Clock {
	/** Milliseconds since 1970. */
	readonly now: () => number
	/** Calls back after `milliseconds`; the result cancels it. */
	readonly after: (milliseconds: number, callback: () => void) => () => void
}

export const systemClock: Clock = {
	now: () => Date.now(),
	after: (milliseconds, callback) => {
		const timer = setTimeout(callback, milliseconds)
		return () => clearTimeout(timer)
	},
}

/** Resolves after `milliseconds`, or at once when the signal is aborted. */
export const sleep = (clock: Clock, milliseconds: number, signal?: AbortSignal): Promise<void> =>
	new Promise(resolve => {
		if (signal?.aborted) {
			return resolve()
		}
		const done = () => {
			cancel()
			signal?.removeEventListener('abort', done)
			resolve()
		}
		const cancel = clock.after(milliseconds, done)
		signal?.addEventListener('abort', done, {once: true})
	})
