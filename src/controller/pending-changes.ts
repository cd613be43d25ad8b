import {isSame} from '../model/is-same.ts'
import type {ObjectKey} from '../model/object.ts'
import type {Service} from '../model/service.ts'
import type {Pending} from '../observe/metrics/readings.ts'

/** What has changed since the last sync began, for people to see. */
export class PendingChanges {
	/** As they were before. */
	readonly #services = new Map<ObjectKey, Service | undefined>()
	readonly #slices = new Set<ObjectKey>()

	addService(key: ObjectKey, before: Service | undefined): void {
		if (!this.#services.has(key)) {
			this.#services.set(key, before)
		}
	}

	addSlice(key: ObjectKey): void {
		this.#slices.add(key)
	}

	clear(): void {
		this.#services.clear()
		this.#slices.clear()
	}

	/** A Service that is again as it was, or that came and went, does not count. */
	count(services: ReadonlyMap<ObjectKey, Service>): Pending {
		const changed = [...this.#services].filter(([key, before]) => !isSame(before, services.get(key)))
		return {services: changed.length, endpointSlices: this.#slices.size}
	}
}
