export type OutputFormat = 'table' | 'json'

/** Prints a value as JSON, or as lines for people. */
export const print = (format: OutputFormat, value: unknown, lines: () => readonly string[]): void => {
	const text = format === 'json' ? JSON.stringify(value, null, 2) : lines().join('\n')
	process.stdout.write(`${text}\n`)
}

/** Columns as wide as their widest cell, two spaces apart. */
export const formatTable = (header: readonly string[], rows: readonly (readonly string[])[]): readonly string[] => {
	const widths = header.map((title, column) =>
		rows.reduce((width, row) => Math.max(width, row[column]?.length ?? 0), title.length),
	)
	return [header, ...rows].map(row =>
		row
			.map((cell, column) => cell.padEnd(widths[column] ?? 0))
			.join('  ')
			.trimEnd(),
	)
}
