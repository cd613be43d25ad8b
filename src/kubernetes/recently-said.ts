import type {Clock} from '../clock.ts'

const LIMIT = 10_000

export interface RecentlySaid {
	/** Whether it was asked about within the time before; remembered from now on if it was not. */
	readonly has: (text: string) => boolean
}

/** Forgets the oldest when it knows too many. */
export const createRecentlySaid = (clock: Clock, milliseconds: number): RecentlySaid => {
	const saidAt = new Map<string, number>()
	return {
		has: text => {
			const last = saidAt.get(text)
			const now = clock.now()
			if (last !== undefined && now - last < milliseconds) {
				return true
			}
			// Put at the end again: a Map keeps the order in which its keys came.
			saidAt.delete(text)
			saidAt.set(text, now)
			const [oldest] = saidAt.keys()
			if (saidAt.size > LIMIT && oldest !== undefined) {
				saidAt.delete(oldest)
			}
			return false
		},
	}
}
