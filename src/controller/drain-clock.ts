import {NONE} from '../compact.ts'
import {drainKey} from '../plan/ipvs.ts'
import type {RealServerKey, VirtualServerKey, VirtualServerState} from '../state/ipvs.ts'
import type {ActualState, WantedState} from '../state/node-state.ts'

interface DrainingServer {
	/** Milliseconds that each real server may drain. */
	readonly deadline: number
	readonly since: ReadonlyMap<RealServerKey, number>
}

/**
 * Since when real servers drain, which the kernel does not tell. A restart begins to count anew: it may lengthen a drain,
 * never cut one short.
 */
export class DrainClock {
	readonly #draining = new Map<VirtualServerKey, DrainingServer>()
	/** Deadlines that Services have set: those of a Service that is gone go on for what drains of it. */
	readonly #deadlines = new Map<VirtualServerKey, number>()

	/** Those of these virtual servers that have drained for long enough, as `drainKey`; `deadline` where none is set. */
	expired(
		keys: Iterable<VirtualServerKey>,
		{wanted, actual}: {readonly wanted: WantedState; readonly actual: ActualState},
		{now, deadline: configured}: {readonly now: number; readonly deadline: number},
	): ReadonlySet<string> {
		const expired = new Set<string>()
		for (const key of keys) {
			const want = wanted.virtualServers.get(key)
			const deadline = this.#deadlineOf(key, want) ?? configured
			const gone = unwanted(want, actual.virtualServers.get(key))
			if (gone.length === 0) {
				this.#draining.delete(key)
				continue
			}
			const since = this.#sinceOf(key, gone, now)
			this.#draining.set(key, {deadline, since})
			for (const [realServer, began] of since) {
				if (now - began >= deadline) {
					expired.add(drainKey(key, realServer))
				}
			}
		}
		return expired
	}

	/** When the next drain among these will have lasted long enough that has not yet; Infinity where there is none. */
	nextEnd(keys: Iterable<VirtualServerKey>, now: number): number {
		let next = Number.POSITIVE_INFINITY
		for (const key of keys) {
			const draining = this.#draining.get(key)
			for (const began of draining?.since.values() ?? NONE) {
				const end = began + (draining?.deadline ?? 0)
				next = end > now ? Math.min(next, end) : next
			}
		}
		return next
	}

	/** Undefined for one that does not drain, or has not been looked at. */
	drainOf(
		server: VirtualServerKey,
		realServer: RealServerKey,
	): {readonly since: number; readonly deadline: number} | undefined {
		const draining = this.#draining.get(server)
		const since = draining?.since.get(realServer)
		return draining && since !== undefined ? {since, deadline: draining.deadline} : undefined
	}

	/** Real servers that drain, as of the last look. */
	get count(): number {
		return this.#draining.values().reduce((sum, {since}) => sum + since.size, 0)
	}

	/** To be told of a virtual server where nothing drains any more: its deadline stays only while it is wanted. */
	forget(key: VirtualServerKey, wanted: WantedState): void {
		this.#draining.delete(key)
		if (!wanted.virtualServers.has(key)) {
			this.#deadlines.delete(key)
		}
	}

	#sinceOf(
		key: VirtualServerKey,
		realServers: readonly RealServerKey[],
		now: number,
	): ReadonlyMap<RealServerKey, number> {
		const before = this.#draining.get(key)?.since
		return new Map(realServers.map(realServer => [realServer, before?.get(realServer) ?? now]))
	}

	#deadlineOf(key: VirtualServerKey, want: VirtualServerState | undefined): number | undefined {
		if (want) {
			want.drainDeadline === undefined ? this.#deadlines.delete(key) : this.#deadlines.set(key, want.drainDeadline)
		}
		return this.#deadlines.get(key)
	}
}

const unwanted = (
	want: VirtualServerState | undefined,
	have: VirtualServerState | undefined,
): readonly RealServerKey[] =>
	// As wanted: the mirror has the wanted object itself then.
	have === want ? NONE : [...(have?.realServers.keys() ?? NONE)].filter(key => !want?.realServers.has(key))
