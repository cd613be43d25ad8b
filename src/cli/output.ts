import {Scalar, stringify} from 'yaml'

export const OUTPUT_FORMATS = ['table', 'json', 'yaml'] as const

export type OutputFormat = (typeof OUTPUT_FORMATS)[number]

/** Prints a value as JSON or YAML, or as lines for people. */
export const print = (format: OutputFormat, value: unknown, lines: () => readonly string[]): void => {
	process.stdout.write(render(format, value, lines))
}

/** What `print` prints. */
export const render = (format: OutputFormat, value: unknown, lines: () => readonly string[]): string => {
	switch (format) {
		case 'json':
			return `${toJSON(value, 2)}\n`
		case 'yaml':
			return toYAML(value)
		case 'table':
			return `${lines().map(printable).join('\n')}\n`
		default:
			return format satisfies never
	}
}

/** Who reads may go before all is said, as `head` does, or a terminal (EIO): what is left is for nobody then. */
export const endWithReader = (): void => {
	for (const stream of [process.stdout, process.stderr]) {
		stream.on('error', (error: NodeJS.ErrnoException) => {
			if (error.code !== 'EPIPE' && error.code !== 'EIO') {
				throw error
			}
		})
	}
}

/** A line that moves no cursor and hides nothing: what objects say may have any character. */
export const printable = (line: string): string =>
	line.replace(HIDDEN, found => `\\u{${found.codePointAt(0)?.toString(16)}}`)

/** With `indent` over several lines. Terminals get JSON and YAML as well: no character in them moves a cursor. */
export const toJSON = (value: unknown, indent?: number): string =>
	JSON.stringify(value, null, indent).replace(HIDDEN_BUT_LINES, found =>
		found
			.split('')
			.map(unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
			.join(''),
	)

/** Readers of YAML 1.1 read the same. */
export const toYAML = (value: unknown): string =>
	stringify(value, quoteHidden, {lineWidth: 0, compat: 'yaml-1.1'}).replace(
		HIDDEN_BUT_LINES,
		found => `\\U${found.codePointAt(0)?.toString(16).padStart(8, '0')}`,
	)

/** YAML has escapes between double quotes alone. */
const quoteHidden = (_key: unknown, value: unknown): unknown => {
	if (typeof value !== 'string' || value.search(HIDDEN) < 0) {
		return value
	}
	const quoted = new Scalar(value)
	quoted.type = Scalar.QUOTE_DOUBLE
	return quoted
}

const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

const HIDDEN_BUT_LINES = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu
