/** The value below which this part (0 to 1) of all lies, the nearest that was measured; NaN of none. */
export const percentile = (values: readonly number[], part: number): number => {
	const sorted = values.toSorted((a, b) => a - b)
	return sorted[Math.min(Math.max(Math.ceil(part * sorted.length) - 1, 0), sorted.length - 1)] ?? Number.NaN
}

export const median = (values: readonly number[]): number => percentile(values, 0.5)

/** Rounded to so many significant digits: more are noise. */
export const round = (value: number, digits = 3): number =>
	Number.isFinite(value) ? Number(value.toPrecision(digits)) : value
