import type {Result} from '../result.ts'
import {ROWS} from './rows.ts'

/** A column for each size, a row for each number that any of them has. */
export const renderTable = (runs: readonly Result[]): string => {
	const head = ['', ...runs.map(({services, endpoints}) => `${group(services)} x ${endpoints}`)]
	const rows = ROWS.flatMap(({title, show}) => {
		const cells = runs.map(run => show(run) ?? '')
		return cells.some(Boolean) ? [[title, ...cells]] : []
	})
	const widths = head.map((_, column) => Math.max(...[head, ...rows].map(row => row[column]?.length ?? 0)))
	return [head, ...rows]
		.map(row => row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))))
		.map(row => row.join('  ').trimEnd())
		.join('\n')
}

/** The same for a page. */
export const renderMarkdownTable = (runs: readonly Result[], rows = ROWS): string => {
	const head = ['Services x endpoints', ...runs.map(({services, endpoints}) => `${group(services)} x ${endpoints}`)]
	const lines = rows.flatMap(({title, show}) => {
		const cells = runs.map(run => show(run) ?? '')
		return cells.some(Boolean) ? [[title, ...cells]] : []
	})
	const rule = head.map((_, at) => (at === 0 ? '---' : '---:'))
	return [head, rule, ...lines].map(row => `| ${row.join(' | ')} |`).join('\n')
}

export const group = (number: number): string => number.toLocaleString('en-US')
