/**
 * Which rows of the acceptance table passed, from what mocha printed: those with tests that passed and none that
 * failed. The titles are made in row.ts.
 */
export const passedRows = (output: string): ReadonlySet<string> => {
	const [passed, failed] = [/^ *✔ row ([A-K]\d+)\b/gm, /^ *\d+\) row ([A-K]\d+)\b/gm].map(
		pattern => new Set([...output.matchAll(pattern)].map(([, number = '']) => number)),
	) as [Set<string>, Set<string>]
	return passed.difference(failed)
}
