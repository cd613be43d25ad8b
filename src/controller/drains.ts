import type {Clock} from '../clock.ts'
import type {Config} from '../config/fields.ts'
import type {Outcome} from '../kernel/apply.ts'
import type {Kernel} from '../kernel/kernel.ts'
import {drainingAmong, type Progress} from '../plan/ipvs.ts'
import type {Mirror} from '../plan/mirror.ts'
import type {VirtualServerKey} from '../state/ipvs.ts'
import type {WantedState} from '../state/node-state.ts'
import {DrainClock} from './drain-clock.ts'
import {finishDrains} from './sync.ts'

interface Looked {
	readonly wanted: WantedState
	readonly mirror: Mirror
	readonly ramping: Progress['ramping']
}

/** The virtual servers where something drains, and when to look at them. */
export class Drains {
	readonly #kernel: Kernel
	readonly #config: Config
	readonly #clock: Clock
	readonly #drainClock = new DrainClock()
	#keys: ReadonlySet<VirtualServerKey> = new Set()
	#due = 0

	constructor({kernel, config, clock}: {readonly kernel: Kernel; readonly config: Config; readonly clock: Clock}) {
		this.#kernel = kernel
		this.#config = config
		this.#clock = clock
	}

	get clock(): Pick<DrainClock, 'drainOf'> {
		return this.#drainClock
	}

	get keys(): ReadonlySet<VirtualServerKey> {
		return this.#keys
	}

	/** Milliseconds since 1970, or Infinity while nothing drains. */
	get due(): number {
		return this.#keys.size > 0 ? this.#due : Number.POSITIVE_INFINITY
	}

	/** Looks at what just began to drain among these, and at everything else that drains when its time has come. */
	async look(touched: ReadonlySet<VirtualServerKey>, {wanted, mirror, ramping}: Looked): Promise<readonly Outcome[]> {
		const now = this.#clock.now()
		const isDue = now >= this.#due
		if (isDue || this.#keys.size === 0) {
			this.#due = now + this.#config.drainInterval
		}
		const known = [...this.#keys].filter(key => mirror.virtualServers.has(key))
		const fresh = drainingAmong(touched, wanted, mirror)
		const looked = isDue ? new Set([...known, ...fresh]) : fresh
		const {drainDeadline: deadline} = this.#config
		// What came back in between begins anew when it goes again.
		const timed = touched.union(looked)
		const expired = this.#drainClock.expired(timed, {wanted, actual: mirror}, {now, deadline})
		this.#due = Math.min(this.#due, this.#drainClock.nextEnd(now))
		if (looked.size === 0) {
			this.#keys = new Set(known)
			return []
		}
		const input = {wanted, mirror, ramping, expired, draining: new Set([...known, ...fresh])}
		const {outcomes, draining} = await finishDrains(this.#kernel, looked, input, this.#config)
		this.#keys = new Set([...known.filter(key => !looked.has(key)), ...draining])
		// Of those that are gone by now nobody asks any more.
		this.#drainClock.keep(this.#keys, wanted)
		return outcomes
	}
}
