import {OptionError} from './option-error.ts'
import {type Entry, parseLine} from './parse-line.ts'

/** A line of a saved table, by its number from 1. */
export interface Line {
	readonly line: number
	readonly entry: Entry
}

/** What is wrong with a line. */
export interface LineError {
	readonly line: number
	/** `-w: -1 is no whole number from 0 to 2147483647`: begins with the option where it is about one. */
	readonly reason: string
}

/** A saved table: nothing of it counts while there are errors. */
export interface Table {
	readonly lines: readonly Line[]
	readonly errors: readonly LineError[]
}

/** From the output of `ipvsadm -S -n` or of `formatTable`; any text is a table or has errors. */
export const parseTable = (text: string): Table => {
	const lines: Line[] = []
	const errors: LineError[] = []
	for (const [at, content] of text.split('\n').entries()) {
		try {
			const entry = parseLine(content)
			if (entry) {
				lines.push({line: at + 1, entry})
			}
		} catch (error) {
			if (!(error instanceof OptionError)) {
				throw error
			}
			errors.push({line: at + 1, reason: error.message})
		}
	}
	return {lines, errors}
}
