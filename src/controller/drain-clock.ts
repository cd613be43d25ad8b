import {drainKey} from '../plan/ipvs.ts'
import type {RealServerKey, VirtualServerKey} from '../state/ipvs.ts'
import type {ActualState, WantedState} from '../state/node-state.ts'

/**
 * Since when real servers drain, which the kernel does not tell. A restart begins to count anew: it may lengthen a drain,
 * never cut one short.
 */
export class DrainClock {
	readonly #since = new Map<VirtualServerKey, ReadonlyMap<RealServerKey, number>>()

	/** Those of these virtual servers that have drained for `deadline` milliseconds, as `drainKey`. */
	expired(
		keys: Iterable<VirtualServerKey>,
		{wanted, actual}: {readonly wanted: WantedState; readonly actual: ActualState},
		{now, deadline}: {readonly now: number; readonly deadline: number},
	): ReadonlySet<string> {
		const expired = new Set<string>()
		for (const key of keys) {
			const before = this.#since.get(key)
			const after = new Map<RealServerKey, number>()
			for (const realServer of actual.virtualServers.get(key)?.realServers.keys() ?? []) {
				if (!wanted.virtualServers.get(key)?.realServers.has(realServer)) {
					after.set(realServer, before?.get(realServer) ?? now)
				}
			}
			after.size > 0 ? this.#since.set(key, after) : this.#since.delete(key)
			for (const [realServer, since] of after) {
				if (now - since >= deadline) {
					expired.add(drainKey(key, realServer))
				}
			}
		}
		return expired
	}

	/** Forgets all virtual servers but these. */
	keep(keys: ReadonlySet<VirtualServerKey>): void {
		for (const key of this.#since.keys()) {
			if (!keys.has(key)) {
				this.#since.delete(key)
			}
		}
	}
}
