const BARS = '▁▂▃▄▅▆▇█'

/** Values as bars, the largest of them as the highest, and none at all as a blank; the last `width` of them. */
export const sparkLine = (values: readonly number[], width: number): string => {
	const shown = width > 0 ? values.slice(-width) : []
	const highest = Math.max(...shown, 0)
	const bar = (value: number) => BARS[Math.max(Math.ceil((value / highest) * BARS.length), 1) - 1]
	return shown.map(value => (value > 0 ? bar(value) : ' ')).join('')
}
