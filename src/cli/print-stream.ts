import {columnWidths, formatRow} from '../explain/table.ts'
import {type OutputFormat, printable, toJSON, toYAML} from './output.ts'

/** How items are shown as a table. */
export interface Columns<Item> {
	readonly header: readonly string[]
	readonly rowOf: (item: Item) => readonly string[]
}

/** Rows that are seen before columns have their widths; a longer cell later on widens its own line only. */
const SEEN_FIRST = 1000

/**
 * Any number of items as text, with no more memory than some of them take: a table, or `{"NAME": [...]}` with an item on
 * each line of JSON.
 */
export const renderStream = <Item>(
	format: OutputFormat,
	name: string,
	lists: AsyncIterable<readonly Item[]>,
	columns: Columns<Item>,
): AsyncIterable<string> => {
	switch (format) {
		case 'json':
			return renderJSON(name, lists)
		case 'yaml':
			return renderYAML(name, lists)
		case 'table':
			return renderTable(lists, columns)
		default:
			return format satisfies never
	}
}

/** Writes all of it, as fast as it is read; ends early when nobody reads any more. */
export const printStream = async (pieces: AsyncIterable<string>): Promise<void> => {
	for await (const piece of pieces) {
		if (piece !== '' && !(await writeOut(piece))) {
			return
		}
	}
}

/** Resolves when it is on its way; with false when nobody reads any more. */
export const writeOut = (text: string): Promise<boolean> =>
	new Promise(resolve => process.stdout.write(text, error => resolve(!error)))

async function* renderJSON(name: string, lists: AsyncIterable<readonly unknown[]>): AsyncGenerator<string> {
	yield `{\n  ${toJSON(name)}: [`
	let separator = '\n'
	for await (const items of lists) {
		const lines = items.map(item => `    ${toJSON(item)}`)
		if (lines.length > 0) {
			yield separator + lines.join(',\n')
			separator = ',\n'
		}
	}
	yield '\n  ]\n}\n'
}

async function* renderYAML(name: string, lists: AsyncIterable<readonly unknown[]>): AsyncGenerator<string> {
	let isEmpty = true
	for await (const items of lists) {
		if (items.length > 0) {
			yield (isEmpty ? `${name}:\n` : '') + toYAML(items).replace(/^(?=.)/gm, '  ')
			isEmpty = false
		}
	}
	if (isEmpty) {
		yield toYAML({[name]: []})
	}
}

async function* renderTable<Item>(
	lists: AsyncIterable<readonly Item[]>,
	{header, rowOf}: Columns<Item>,
): AsyncGenerator<string> {
	const first: (readonly string[])[] = []
	let widths: readonly number[] | undefined
	const begin = () => {
		widths = columnWidths([header, ...first])
		return [header, ...first.splice(0)].map(row => lineOf(widths, row)).join('')
	}
	for await (const items of lists) {
		const rows = items.map(rowOf)
		if (widths) {
			yield rows.map(row => lineOf(widths, row)).join('')
		} else if (first.push(...rows) >= SEEN_FIRST) {
			yield begin()
		}
	}
	if (!widths) {
		yield begin()
	}
}

const lineOf = (widths: readonly number[] | undefined, row: readonly string[]): string =>
	`${printable(formatRow(widths ?? [], row))}\n`
