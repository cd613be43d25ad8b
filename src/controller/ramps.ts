import {drainKey} from '../plan/ipvs.ts'
import type {RealServerKey, VirtualServerKey, VirtualServerState} from '../state/ipvs.ts'
import type {ActualState, WantedState} from '../state/node-state.ts'

/** In so many equal steps a weight rises to the one that is wanted. */
const STEPS = 20

/** How far a real server has come: at step n it has n of `STEPS` parts of its weight. */
interface Ramp {
	readonly step: number
	/** When that step began. */
	readonly since: number
}

interface RampingServer {
	readonly slowStart: number
	readonly ramps: ReadonlyMap<RealServerKey, Ramp>
}

/**
 * The weights of real servers that start slowly: where others serve, one that joins, or comes back from weight 0, gets a
 * growing share of the new connections. One that was away comes back like one that is new, because nobody knows whether
 * it was away for a moment or began anew. Where no other serves there is nobody to leave connections to, so that
 * a new virtual server starts at full weight.
 *
 * A restart goes on from the weights that the kernel has: it may lengthen a ramp, never take a share back.
 */
export class Ramps {
	/** Virtual servers with slow start that were looked at: what has a weight there and does not ramp is at its full one. */
	readonly #known = new Set<VirtualServerKey>()
	readonly #ramping = new Map<VirtualServerKey, RampingServer>()
	readonly #weights = new Map<string, number>()
	/** No step is due before. */
	#due = Number.POSITIVE_INFINITY

	/** The present weight of each ramping real server, by `drainKey`. */
	get weights(): ReadonlyMap<string, number> {
		return this.#weights
	}

	/** When the next step may be due: milliseconds since 1970, or Infinity while nothing ramps. */
	get due(): number {
		return this.#ramping.size > 0 ? this.#due : Number.POSITIVE_INFINITY
	}

	/** Takes the steps that are due; gives the virtual servers where any was, which are to be looked at and planned. */
	advance(now: number): ReadonlySet<VirtualServerKey> {
		const stepped = new Set<VirtualServerKey>()
		if (this.due > now) {
			return stepped
		}
		this.#due = Number.POSITIVE_INFINITY
		for (const [key, {slowStart, ramps}] of this.#ramping) {
			const interval = slowStart / STEPS
			const next = new Map(
				[...ramps].map(([realServer, {step, since}]) => {
					const steps = Math.max(Math.floor((now - since) / interval), 0)
					if (steps > 0) {
						stepped.add(key)
					}
					return [realServer, {step: step + steps, since: since + steps * interval}]
				}),
			)
			this.#ramp(key, {slowStart, ramps: next})
		}
		return stepped
	}

	/** Finds what begins and what ends to ramp in these virtual servers; to be called before each plan for them. */
	look(
		keys: Iterable<VirtualServerKey>,
		{wanted, actual}: {readonly wanted: WantedState; readonly actual: ActualState},
		now: number,
	): void {
		for (const key of keys) {
			const want = wanted.virtualServers.get(key)
			if (want?.slowStart !== undefined) {
				this.#lookAt({...want, slowStart: want.slowStart}, actual.virtualServers.get(key), now)
			} else if (this.#known.delete(key)) {
				this.#replace(key, undefined)
			}
		}
	}

	#lookAt(
		want: VirtualServerState & {readonly slowStart: number},
		have: VirtualServerState | undefined,
		now: number,
	): void {
		const {server, realServers, slowStart} = want
		const before = this.#ramping.get(server.key)?.ramps
		const ramps = new Map<RealServerKey, Ramp>()
		for (const realServer of startingAmong(want, have)) {
			const weight = realServers.get(realServer)?.weight ?? 0
			const present = have?.realServers.get(realServer)?.weight ?? 0
			// The first step is a longer one, so that no part of the time goes by without any share.
			const begun = present === 0 ? {step: 1, since: now + slowStart / STEPS} : before?.get(realServer)
			const ramp = begun ?? (this.#known.has(server.key) ? undefined : resumed(present, weight, now))
			if (ramp && ramp.step < STEPS) {
				ramps.set(realServer, ramp)
			}
		}
		this.#known.add(server.key)
		this.#replace(server.key, ramps.size > 0 ? {slowStart, ramps} : undefined, want)
	}

	#ramp(key: VirtualServerKey, server: RampingServer): void {
		this.#ramping.set(key, server)
		for (const {since} of server.ramps.values()) {
			this.#due = Math.min(this.#due, since + server.slowStart / STEPS)
		}
	}

	#replace(key: VirtualServerKey, next: RampingServer | undefined, want?: VirtualServerState): void {
		for (const realServer of this.#ramping.get(key)?.ramps.keys() ?? []) {
			this.#weights.delete(drainKey(key, realServer))
		}
		next ? this.#ramp(key, next) : this.#ramping.delete(key)
		for (const [realServer, {step}] of next?.ramps ?? []) {
			const weight = want?.realServers.get(realServer)?.weight ?? 0
			this.#weights.set(drainKey(key, realServer), weightAt(step, weight))
		}
	}
}

/** Never 0: it would take no connection at all. */
const weightAt = (step: number, weight: number): number => Math.max(Math.round((weight * step) / STEPS), 1)

/** Those that have not reached their weight while any other of those that are wanted serves. */
const startingAmong = (
	{realServers}: VirtualServerState,
	have: VirtualServerState | undefined,
): readonly RealServerKey[] => {
	const presentOf = (key: RealServerKey) => have?.realServers.get(key)?.weight ?? 0
	const wanted = [...realServers.values()].filter(({weight}) => weight > 0)
	const serving = wanted.filter(({key}) => presentOf(key) > 0).length
	return wanted.flatMap(({key, weight}) => {
		const present = presentOf(key)
		const isAlone = serving === (present > 0 ? 1 : 0)
		return present < weight && !isAlone ? [key] : []
	})
}

/**
 * Where a ramp was that another process began; undefined where none can have been: a weight below that of the first
 * step was the full one when there was no slow start yet.
 */
const resumed = (present: number, weight: number, now: number): Ramp | undefined => {
	if (present < weightAt(1, weight)) {
		return undefined
	}
	let step = 1
	while (weightAt(step, weight) < present) {
		step++
	}
	return {step, since: now}
}
