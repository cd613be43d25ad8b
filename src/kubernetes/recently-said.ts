import type {Clock} from '../clock.ts'

const LIMIT = 10_000

export interface RecentlySaid {
	/** Whether it was added within the time before. */
	readonly has: (text: string) => boolean
	/** Forgets the oldest when it knows too many. */
	readonly add: (text: string) => void
}

export const createRecentlySaid = (clock: Clock, milliseconds: number): RecentlySaid => {
	const saidAt = new Map<string, number>()
	return {
		has: text => {
			const last = saidAt.get(text)
			return last !== undefined && clock.now() - last < milliseconds
		},
		add: text => {
			// Put at the end again: a Map keeps the order in which its keys came.
			saidAt.delete(text)
			saidAt.set(text, clock.now())
			const [oldest] = saidAt.keys()
			if (saidAt.size > LIMIT && oldest !== undefined) {
				saidAt.delete(oldest)
			}
		},
	}
}
