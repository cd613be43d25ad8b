import {percentile} from '../own/statistics.ts'

/** The median of some rounds, and the half of them around it. */
export interface Spread {
	readonly low: number
	readonly median: number
	readonly high: number
}

export const spreadOf = (values: readonly number[]): Spread => ({
	low: percentile(values, 0.25),
	median: percentile(values, 0.5),
	high: percentile(values, 0.75),
})

/** How many times as much `b` is, round by round: what slows down the machine for a while slows down both of a round. */
export const ratiosOf = (a: readonly number[], b: readonly number[]): Spread =>
	spreadOf(a.flatMap((value, at) => (b[at] ?? Number.NaN) / value).filter(Number.isFinite))

/** Whether the half of the rounds around the median has none with a difference: what is left is noise. */
export const isNoise = ({low, high}: Spread): boolean => low <= 1 && high >= 1
