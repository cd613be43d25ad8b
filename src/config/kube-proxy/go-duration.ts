const UNITS: Readonly<Record<string, number>> = {
	ns: 1e-6,
	us: 1e-3,
	µs: 1e-3,
	μs: 1e-3,
	ms: 1,
	s: 1000,
	m: 60_000,
	h: 3_600_000,
}

/** A duration as Go's time.ParseDuration takes it (`-1.5h`, `.5s`, `0`), in milliseconds; undefined for anything else. */
export const parseGoDuration = (text: string): number | undefined => {
	const [, sign, rest = ''] = /^([+-]?)(.*)$/s.exec(text) ?? []
	if (rest === '0') {
		return 0
	}
	if (!/^((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))+$/.test(rest)) {
		return undefined
	}
	let total = 0
	for (const [, number, unit = ''] of rest.matchAll(/([\d.]+)([a-zµμ]+)/g)) {
		total += Number(number) * (UNITS[unit] ?? 0)
	}
	return sign === '-' ? -total : total
}
