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
