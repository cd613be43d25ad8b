import {readFileSync} from 'node:fs'

/** Labels by the name of each time series that docs/metrics.md promises. */
export const documentedMetrics = (): ReadonlyMap<string, ReadonlySet<string>> => {
	const text = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8')
	const rows = [...text.matchAll(/^\| `(\w+)` \| (counter|gauge|histogram) \|(?: [^|]+ \| ([^|]*) \|)? [^|]+ \|$/gm)]
	return new Map(
		rows.flatMap(([, name = '', type, labels = '']) => {
			const own = [...labels.matchAll(/`(\w+)`:/g)].map(match => match[1] ?? '')
			return type === 'histogram'
				? ([
						[`${name}_bucket`, new Set([...own, 'le'])],
						[`${name}_sum`, new Set(own)],
						[`${name}_count`, new Set(own)],
					] as const)
				: ([[name, new Set(own)]] as const)
		}),
	)
}
