import {shortNumber} from './short-number.ts'
import type {TrafficRow} from './traffic.ts'

/** A column of numbers. */
export interface Column {
	readonly title: string
	/** Where there is no room for all, those with the highest go first. */
	readonly rank: number
	readonly cell: (row: TrafficRow) => string
}

export const COLUMNS: readonly Column[] = [
	{title: 'ACTIVE', rank: 2, cell: row => shortNumber(row.activeConnections)},
	{title: 'INACTIVE', rank: 5, cell: row => shortNumber(row.inactiveConnections)},
	{title: 'CONN/S', rank: 1, cell: row => shortNumber(row.perSecond.connections)},
	{title: 'IN PKT/S', rank: 6, cell: row => shortNumber(row.perSecond.packetsIn)},
	{title: 'OUT PKT/S', rank: 7, cell: row => shortNumber(row.perSecond.packetsOut)},
	{title: 'IN B/S', rank: 3, cell: row => shortNumber(row.perSecond.bytesIn)},
	{title: 'OUT B/S', rank: 4, cell: row => shortNumber(row.perSecond.bytesOut)},
]
