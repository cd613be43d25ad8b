import type {EndpointSlice} from './endpoint-slice.ts'
import type {Node} from './node.ts'
import {type ObjectChange, type ObjectKey, objectKey} from './object.ts'
import type {Service} from './service.ts'

/** The latest state of all objects, and which slices belong to which Service. */
export class Cluster {
	readonly services = new Map<ObjectKey, Service>()
	node: Node | undefined
	readonly #slices = new Map<ObjectKey, EndpointSlice>()
	readonly #slicesOfService = new Map<ObjectKey, Map<ObjectKey, EndpointSlice>>()

	/** Takes one change in; the result names the Services that it touches (existing or not). */
	apply(change: ObjectChange): readonly ObjectKey[] {
		switch (change.kind) {
			case 'Service':
				change.object ? this.services.set(change.key, change.object) : this.services.delete(change.key)
				return [change.key]
			case 'EndpointSlice':
				return this.#applySlice(change.key, change.object)
			case 'Node':
				this.node = change.object ?? this.node
				return []
		}
	}

	/** All slices that name this Service. */
	slicesOf(service: ObjectKey): Iterable<EndpointSlice> {
		return this.#slicesOfService.get(service)?.values() ?? []
	}

	/** A slice may change its Service: the old one loses it, the new one gains it. */
	#applySlice(key: ObjectKey, slice: EndpointSlice | undefined): readonly ObjectKey[] {
		const before = serviceOf(this.#slices.get(key))
		const after = serviceOf(slice)
		slice ? this.#slices.set(key, slice) : this.#slices.delete(key)
		if (before !== undefined && before !== after) {
			this.#forget(before, key)
		}
		if (slice && after !== undefined) {
			const slices = this.#slicesOfService.get(after) ?? new Map<ObjectKey, EndpointSlice>()
			this.#slicesOfService.set(after, slices.set(key, slice))
		}
		return [...new Set([before, after])].filter(service => service !== undefined)
	}

	#forget(service: ObjectKey, slice: ObjectKey): void {
		const slices = this.#slicesOfService.get(service)
		slices?.delete(slice)
		if (slices?.size === 0) {
			this.#slicesOfService.delete(service)
		}
	}
}

const serviceOf = (slice: EndpointSlice | undefined): ObjectKey | undefined =>
	slice && slice.serviceName !== '' ? objectKey(slice.namespace, slice.serviceName) : undefined
