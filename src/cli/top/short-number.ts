const UNITS = ['', 'k', 'M', 'G', 'T', 'P', 'E']

/** A number in at most five characters: `0`, `0.4`, `12`, `999`, `1.2k`, `12.3k`, `345M`. */
export const shortNumber = (value: number): string => {
	let [rest, unit] = [value, 0]
	// What would be rounded up to 1000 belongs to the next unit.
	while (rest >= 999.5 && unit < UNITS.length - 1) {
		rest /= 1000
		unit += 1
	}
	const text = rest >= 99.95 || Number.isInteger(rest) ? rest.toFixed(0) : rest.toFixed(1)
	return `${text === '0.0' ? '0' : text}${UNITS[unit]}`
}
