import {tally} from '../topology/answer.ts'
import type {ExpectedRow} from './expected.ts'
import type {Measured} from './matrix.ts'
import {shownAs} from './outcome.ts'
import {NEVER, ORIGINS} from './words.ts'

/** A line for each cell that is another than documented. */
export const describeWrong = (cells: readonly Measured[]): readonly string[] =>
	cells
		.filter(({row, origin, way, outcome}) => outcome !== shownAs(row.cells[origin], way.protocol, origin))
		.map(
			({row, origin, way, outcome, results}) =>
				`from ${origin}, ${way.protocol} over ${way.family}: documented is "${row.cells[origin]}", ` +
				`but it was "${outcome}" (${JSON.stringify(tally(results))})`,
		)

/** What was measured, as the tables have it: a line for each address and policy, equal lines as one. */
export const printMatrix = (rows: readonly ExpectedRow[], measured: readonly Measured[]): string => {
	const lines = new Map<string, ExpectedRow[]>()
	for (const row of rows) {
		const cells = ORIGINS.map(origin => wordOf(measured.filter(cell => cell.row === row && cell.origin === origin)))
		const key = [row.endpoints, ...cells].join('\t')
		lines.set(key, [...(lines.get(key) ?? []), row])
	}
	const table = [...lines].flatMap(([key, group]) =>
		[...Map.groupBy(group, ({policy}) => policy)].map(([policy, same]) => [
			same.map(({address}) => address).join(', '),
			policy,
			...key.split('\t'),
		]),
	)
	return align([['address', 'policy', 'endpoints', ...ORIGINS], ...table])
}

/** One word where all families and protocols agree; the documented one where what they show is due to the protocol. */
const wordOf = (cells: readonly Measured[]): string => {
	const byOutcome = Map.groupBy(cells, ({row, origin, way, outcome}) =>
		outcome === shownAs(row.cells[origin], way.protocol, origin) ? row.cells[origin] : outcome,
	)
	if (byOutcome.size <= 1) {
		return [...byOutcome.keys()][0] ?? NEVER
	}
	return [...byOutcome]
		.map(([outcome, same]) => `${same.map(({way}) => `${way.protocol}/${way.family}`).join('+')}: ${outcome}`)
		.join('; ')
}

const align = (table: readonly (readonly string[])[]): string => {
	const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map(line => line[column]?.length ?? 0)))
	return table
		.map(line =>
			line
				.map((cell, column) => cell.padEnd(widths[column] ?? 0))
				.join('  ')
				.trimEnd(),
		)
		.join('\n')
}
