import {type ObjectChange, type ObjectKey, objectKey} from '../../model/object.ts'
import type {Family} from '../../net/address.ts'

/** A change of a slice that no successful sync has followed yet. Times are milliseconds since 1970. */
interface Waiting {
	readonly family: Family
	readonly service: ObjectKey
	readonly triggeredAt: number
	/** By a clock that nobody sets. */
	readonly arrivedAt: number
}

/** More than this waits only while no sync succeeds at all; the latency is bad enough then without the rest. */
const MAX_WAITING = 100_000

/**
 * How long it takes from the event that changed a slice (its annotation
 * `endpoints.kubernetes.io/last-change-trigger-time`) until this node serves it.
 *
 * 1. One sample for each trigger time of a slice: a list that tells it again is no change.
 * 2. Trigger times before the start of this process say nothing about it.
 * 3. When a slice goes, so do the times of its Service that still wait, as in kube-proxy.
 * 4. A sync that fails keeps them.
 * 5. Trigger times are by another clock: one that is ahead of ours makes no time below 0, by which sums would fall.
 */
export class ProgrammingTimes {
	readonly #startedAt: number
	readonly #lastTrigger = new Map<ObjectKey, {readonly service: ObjectKey; readonly triggeredAt: number}>()
	#waiting: Waiting[] = []

	constructor(startedAt: number) {
		this.#startedAt = startedAt
	}

	add(change: ObjectChange, now: number): void {
		if (change.kind !== 'EndpointSlice') {
			return
		}
		const {key, object} = change
		const known = this.#lastTrigger.get(key)
		if (!object) {
			this.#lastTrigger.delete(key)
			this.#forget(known?.service)
			return
		}
		const {family, triggeredAt = 0, namespace, serviceName} = object
		if (family && triggeredAt >= this.#startedAt && triggeredAt !== known?.triggeredAt) {
			const service = objectKey(namespace, serviceName)
			this.#lastTrigger.set(key, {service, triggeredAt})
			if (this.#waiting.length < MAX_WAITING) {
				this.#waiting.push({family, service, triggeredAt, arrivedAt: now})
			}
		}
	}

	/** The samples of a sync that ended now, took in what had arrived until `takenAt`, and failed in some families. */
	take(
		failed: ReadonlySet<Family>,
		takenAt: number,
		now: number,
	): readonly {readonly family: Family; readonly seconds: number}[] {
		const isDone = ({family, arrivedAt}: Waiting) => !failed.has(family) && arrivedAt <= takenAt
		const done = this.#waiting.filter(isDone)
		this.#waiting = this.#waiting.filter(waiting => !isDone(waiting))
		return done.map(({family, triggeredAt}) => ({family, seconds: Math.max(now - triggeredAt, 0) / 1000}))
	}

	#forget(service: ObjectKey | undefined): void {
		this.#waiting = this.#waiting.filter(waiting => waiting.service !== service)
	}
}
