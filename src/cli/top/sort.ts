import type {TrafficRow} from './traffic.ts'

/** What rows may be sorted by, and what is drawn of it over time. */
export const SORTS = ['rate', 'bytes', 'packets', 'active', 'name'] as const

export type Sort = (typeof SORTS)[number]

const METRICS: Readonly<Record<Sort, (row: TrafficRow) => number>> = {
	rate: ({perSecond}) => perSecond.connections,
	bytes: ({perSecond}) => perSecond.bytesIn + perSecond.bytesOut,
	packets: ({perSecond}) => perSecond.packetsIn + perSecond.packetsOut,
	active: ({activeConnections}) => activeConnections,
	name: ({perSecond}) => perSecond.connections,
}

/** What is drawn over time. */
export const metricOf = (sort: Sort, row: TrafficRow): number => METRICS[sort](row)

/** The most first, and by name where they are equal. */
export const sorted = <Row extends TrafficRow>(rows: readonly Row[], sort: Sort): readonly Row[] =>
	rows.toSorted((a, b) => (sort === 'name' ? 0 : METRICS[sort](b) - METRICS[sort](a)) || (a.name < b.name ? -1 : 1))

export const nextSort = (sort: Sort): Sort => SORTS[(SORTS.indexOf(sort) + 1) % SORTS.length] ?? 'rate'
