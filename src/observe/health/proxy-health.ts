import type {Family} from '../../net/address.ts'

/** Whether this proxy does its work, at one moment. Times are milliseconds since 1970. */
export interface HealthReport {
	readonly isHealthy: boolean
	/** Of those families that have begun. */
	readonly families: ReadonlyMap<Family, {readonly isHealthy: boolean; readonly lastUpdated: number}>
	/** Why the node is not to be relied on yet, or any more; empty when it is. */
	readonly notReady: readonly string[]
}

interface FamilyHealth {
	/** Of the last successful sync, or of the start. */
	lastUpdated: number
	lastSuccess: number | undefined
	/** Of the oldest request that no successful sync has followed. */
	oldestRequest: number | undefined
	newestRequest: number
}

/**
 * Tells whether syncs keep up with requests, family by family (kube-proxy healthcheck/proxy_health.go).
 *
 * 1. A family is unhealthy while a request has waited for a successful sync for two audit intervals or longer.
 * 2. Only its own successful sync makes it healthy again. Where nothing waits, it is healthy.
 * 3. It is ready from its first successful sync on, for as long as the last one is at most three audit intervals old:
 *    audits go on without any request, so an older one means that the loop is stuck or fails.
 */
export class ProxyHealth {
	readonly #families = new Map<Family, FamilyHealth>()
	readonly #auditInterval: number

	constructor(auditInterval: number) {
		this.#auditInterval = auditInterval
	}

	started(families: readonly Family[], now: number): void {
		for (const family of families) {
			this.#families.set(family, {
				lastUpdated: now,
				lastSuccess: undefined,
				oldestRequest: undefined,
				newestRequest: 0,
			})
		}
	}

	requested(families: readonly Family[], now: number): void {
		for (const family of families) {
			const health = this.#families.get(family)
			if (health) {
				health.oldestRequest ??= now
				health.newestRequest = now
			}
		}
	}

	/** A sync that ended now was successful in this family; it took in all requests up to `takenAt`. */
	succeeded(family: Family, takenAt: number, now: number): void {
		const health = this.#families.get(family)
		if (health) {
			health.lastUpdated = now
			health.lastSuccess = now
			if (health.oldestRequest !== undefined && health.oldestRequest <= takenAt) {
				health.oldestRequest = health.newestRequest > takenAt ? takenAt : undefined
			}
		}
	}

	/** `wall` is what the node's clock says now, by which times are reported. */
	report(now: number, wall = now): HealthReport {
		const limit = 2 * this.#auditInterval
		const families = new Map(
			[...this.#families].map(([family, {lastUpdated, oldestRequest}]) => [
				family,
				{lastUpdated: lastUpdated + wall - now, isHealthy: oldestRequest === undefined || now - oldestRequest < limit},
			]),
		)
		return {
			isHealthy: [...families.values()].every(({isHealthy}) => isHealthy),
			families,
			notReady: this.#families.size === 0 ? ['not started yet'] : this.#notReady(now),
		}
	}

	#notReady(now: number): readonly string[] {
		return [...this.#families].flatMap(([family, {lastSuccess}]) => {
			if (lastSuccess === undefined) {
				return [`${family}: no sync was successful yet`]
			}
			const age = now - lastSuccess
			return age > 3 * this.#auditInterval
				? [`${family}: the last successful sync was ${Math.round(age / 1000)} seconds ago`]
				: []
		})
	}
}
