import {printable} from '../output.ts'
import {COLUMNS, type Column} from './columns.ts'
import type {ShownRow} from './rows.ts'
import {shortNumber} from './short-number.ts'
import {sparkLine} from './spark-line.ts'
import {type ServiceTraffic, sumTraffic} from './traffic.ts'

/** Of a terminal, in characters. */
export interface Size {
	readonly columns: number
	readonly rows: number
}

/** What is drawn beside the rows. */
export interface Frame {
	readonly title: string
	readonly help: string
	/** The rows above it are not shown. */
	readonly first: number
}

/** Lines that are not rows: title, sums, a blank one, header, help. */
const OTHER_LINES = 5

/** Where the header of the table stands, counted from 0. */
export const HEADER_LINE = 3

/** Rows that a terminal has room for, one at least. */
export const roomFor = ({rows}: Size): number => Math.max(rows - OTHER_LINES, 1)

/** The lines of a screen, none wider than it and no more than it has room for; as many as it has where there is room. */
export const drawScreen = (
	services: readonly ServiceTraffic[],
	rows: readonly ShownRow[],
	{title, help, first}: Frame,
	size: Size,
): readonly string[] => {
	const shown = rows.slice(first, first + roomFor(size))
	const layout = layOut(rows, size.columns)
	const table = [headerOf(layout), ...shown.map(row => lineOf(row, layout))]
	const rest = new Array<string>(Math.max(roomFor(size) - shown.length, 0)).fill('')
	return [title, sumsOf(services), '', ...table, ...rest, help]
		.slice(0, Math.max(size.rows, 0))
		.map(line => cut(printable(line), size.columns).trimEnd())
}

/** Which columns there is room for, and how wide names and history may be. */
interface Layout {
	readonly nameWidth: number
	readonly columns: readonly Column[]
	readonly historyWidth: number
}

const NAME = 'SERVICE'

const HISTORY_TITLE = 'HISTORY'

/** Between columns. */
const GAP = 2

/** A name is cut only when no column but one is left. */
const layOut = (rows: readonly ShownRow[], width: number): Layout => {
	const nameWidth = rows.reduce((width, {label}) => Math.max(width, label.length), NAME.length)
	let columns = COLUMNS
	while (columns.length > 1 && nameWidth + widthOf(columns) > width) {
		const last = Math.max(...columns.map(({rank}) => rank))
		columns = columns.filter(({rank}) => rank !== last)
	}
	const left = width - widthOf(columns)
	const historyWidth = left - nameWidth - GAP
	return {
		nameWidth: Math.max(Math.min(nameWidth, left), 0),
		columns,
		historyWidth: historyWidth >= HISTORY_TITLE.length ? historyWidth : 0,
	}
}

const widthOf = (columns: readonly Column[]): number =>
	columns.reduce((width, {title}) => width + GAP + title.length, 0)

const headerOf = ({nameWidth, columns, historyWidth}: Layout): string =>
	[
		cut(NAME, nameWidth).padEnd(nameWidth),
		...columns.map(({title}) => title),
		...(historyWidth > 0 ? [HISTORY_TITLE] : []),
	].join(' '.repeat(GAP))

const lineOf = ({label, row, history}: ShownRow, {nameWidth, columns, historyWidth}: Layout): string =>
	[
		cut(printable(label), nameWidth).padEnd(nameWidth),
		...columns.map(({title, cell}) => cell(row).padStart(title.length)),
		...(historyWidth > 0 ? [sparkLine(history, historyWidth)] : []),
	].join(' '.repeat(GAP))

const cut = (text: string, width: number): string =>
	text.length <= width ? text : `${text.slice(0, Math.max(width - 1, 0))}${width > 0 ? '…' : ''}`

const sumsOf = (services: readonly ServiceTraffic[]): string => {
	const {connections, bytesIn, bytesOut} = sumTraffic(services.map(({perSecond}) => perSecond))
	const active = services.reduce((sum, {activeConnections}) => sum + activeConnections, 0)
	return [
		`${services.length} ${services.length === 1 ? 'Service' : 'Services'}`,
		`${shortNumber(active)} active connections`,
		`${shortNumber(connections)} new/s`,
		`in ${shortNumber(bytesIn)}B/s`,
		`out ${shortNumber(bytesOut)}B/s`,
	].join(', ')
}
