/** Columns as wide as their widest cell, two spaces apart. */
export const formatTable = (header: readonly string[], rows: readonly (readonly string[])[]): readonly string[] => {
	const all = [header, ...rows]
	const widths = columnWidths(all)
	return all.map(row => formatRow(widths, row))
}

/** Of the first row's columns. */
export const columnWidths = (rows: readonly (readonly string[])[]): readonly number[] =>
	(rows[0] ?? []).map((_, column) => rows.reduce((width, row) => Math.max(width, row[column]?.length ?? 0), 0))

export const formatRow = (widths: readonly number[], row: readonly string[]): string =>
	row
		.map((cell, column) => cell.padEnd(widths[column] ?? 0))
		.join('  ')
		.trimEnd()
