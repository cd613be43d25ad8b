import {metricOf, type Sort} from './sort.ts'
import type {ServiceTraffic, TrafficRow} from './traffic.ts'

/** Looks that are remembered. */
export const HISTORY = 60

/** What was measured of each Service and endpoint at the last looks. What never was above 0 takes no memory. */
export class History {
	#values = new Map<string, readonly number[]>()
	#sort: Sort | undefined

	/** Another metric begins anew. */
	take(services: readonly ServiceTraffic[], sort: Sort): void {
		const before = this.#sort === sort ? this.#values : new Map<string, readonly number[]>()
		const values = new Map<string, readonly number[]>()
		const add = (key: string, row: TrafficRow) => {
			const [past, now] = [before.get(key), metricOf(sort, row)]
			if (past || now > 0) {
				values.set(key, [...(past ?? []).slice(1 - HISTORY), now])
			}
		}
		for (const service of services) {
			add(keyOf(service), service)
			for (const endpoint of service.endpoints) {
				add(keyOf(service, endpoint), endpoint)
			}
		}
		this.#values = values
		this.#sort = sort
	}

	/** Of a Service, or of one of its endpoints; the latest last. */
	of(service: TrafficRow, endpoint?: TrafficRow): readonly number[] {
		return this.#values.get(keyOf(service, endpoint)) ?? []
	}
}

const keyOf = (service: TrafficRow, endpoint?: TrafficRow): string =>
	endpoint ? `${service.name} ${endpoint.name}` : service.name
