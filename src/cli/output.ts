export type OutputFormat = 'table' | 'json'

/** Prints a value as JSON, or as lines for people. */
export const print = (format: OutputFormat, value: unknown, lines: () => readonly string[]): void => {
	const text = format === 'json' ? JSON.stringify(value, null, 2) : lines().map(printable).join('\n')
	process.stdout.write(`${text}\n`)
}

/** A line that moves no cursor and hides nothing: what objects say may have any character. */
export const printable = (line: string): string =>
	line.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, found => `\\u{${found.codePointAt(0)?.toString(16)}}`)
