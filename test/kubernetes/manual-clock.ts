import type {Clock} from '../../src/clock.ts'

export interface ManualClock extends Clock {
	/** Time goes by; what is due happens in its order. */
	readonly advance: (milliseconds: number) => Promise<void>
}

/** The clock on the wall is `ahead` milliseconds ahead. */
export const createManualClock = (start = Date.UTC(2026, 0, 1), ahead = 0): ManualClock => {
	let now = start
	const timers = new Set<{readonly at: number; readonly callback: () => void}>()
	const after = (milliseconds: number, callback: () => void) => {
		const timer = {at: now + milliseconds, callback}
		timers.add(timer)
		return () => timers.delete(timer)
	}
	const advance = async (milliseconds: number) => {
		const end = now + milliseconds
		for (;;) {
			const [next] = [...timers].filter(({at}) => at <= end).sort((a, b) => a.at - b.at)
			if (!next) {
				break
			}
			timers.delete(next)
			now = next.at
			next.callback()
			await new Promise(resolve => setImmediate(resolve))
		}
		now = end
		await new Promise(resolve => setImmediate(resolve))
	}
	return {now: () => now, wall: () => now + ahead, after, advance}
}
