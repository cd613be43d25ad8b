/** How many rows each group of the acceptance table has. */
const GROUPS = {A: 12, B: 15, C: 15, D: 34, E: 12, F: 14, G: 11, H: 7, I: 11, J: 10, K: 10} as const

/** `A1` to `K10`: 151 of them. */
export const ROW_NUMBERS: readonly string[] = Object.entries(GROUPS).flatMap(([group, count]) =>
	Array.from({length: count}, (_, at) => `${group}${at + 1}`),
)
