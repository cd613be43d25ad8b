/** Time as a value to pass in, so that nothing but the edge knows what time it is. */
export interface Clock {
	/**
	 * Milliseconds since 1970, for intervals: it never jumps, and so may differ from the node's clock once somebody has
	 * set that.
	 */
	readonly now: () => number
	/** Milliseconds since 1970 as the node's clock has it, for what people and other programs read. */
	readonly wall: () => number
	/**
	 * Calls back after `milliseconds`, or after 24 days if these are more; with 0 as soon as what has come in meanwhile had
	 * its turn. The result cancels it.
	 */
	readonly after: (milliseconds: number, callback: () => void) => () => void
}

const startedAt = Date.now() - performance.now()

/** A timer of Node.js that shall take longer goes off at once. */
const MOST_MILLISECONDS = 2 ** 31 - 1

export const systemClock: Clock = {
	now: () => Math.round(startedAt + performance.now()),
	wall: () => Date.now(),
	after: (milliseconds, callback) => {
		if (milliseconds <= 0) {
			// A timer would wait for a millisecond at least.
			const immediate = setImmediate(callback)
			return () => clearImmediate(immediate)
		}
		const timer = setTimeout(callback, Math.min(milliseconds, MOST_MILLISECONDS))
		return () => clearTimeout(timer)
	},
}

/**
 * The same, read once for all that one job of the event loop does. Where nothing but a system call tells the time, it is
 * as dear as what is timed: of each object of a long list.
 */
export const oncePerJob = (clock: Clock): Clock => {
	const read = (time: () => number) => {
		let known: number | undefined
		return () => {
			if (known === undefined) {
				known = time()
				queueMicrotask(() => {
					known = undefined
				})
			}
			return known
		}
	}
	return {...clock, now: read(clock.now), wall: read(clock.wall)}
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
