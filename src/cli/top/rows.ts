import type {History} from './history.ts'
import {type Sort, sorted} from './sort.ts'
import type {ServiceTraffic, TrafficRow} from './traffic.ts'

/** How Services are shown. */
export interface View {
	readonly sort: Sort
	readonly hasEndpoints: boolean
}

/** A line of the table. */
export interface ShownRow {
	readonly label: string
	readonly row: TrafficRow
	readonly history: readonly number[]
}

/** Each Service, and its endpoints below it; both sorted. */
export const shownRows = (
	services: readonly ServiceTraffic[],
	{sort, hasEndpoints}: View,
	history?: Pick<History, 'of'>,
): readonly ShownRow[] =>
	sorted(services, sort).flatMap(service => [
		{label: service.name, row: service, history: history?.of(service) ?? []},
		...sorted(hasEndpoints ? service.endpoints : [], sort).map(endpoint => ({
			label: `  ${endpoint.name}`,
			row: endpoint,
			history: history?.of(service, endpoint) ?? [],
		})),
	])
