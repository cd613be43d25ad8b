import type {Clock} from '../clock.ts'
import type {Config} from '../config/fields.ts'
import type {DrainOf} from '../explain/sources.ts'
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

/** The virtual servers where something drains, and when to look at them. Between looks no change costs more for them. */
export class Drains {
	readonly #kernel: Kernel
	readonly #config: Config
	readonly #clock: Clock
	readonly #drainClock = new DrainClock()
	readonly #keys = new Set<VirtualServerKey>()
	/** Those that bear on any plan. */
	readonly #bearing = new Set<VirtualServerKey>()
	#due = 0

	constructor({kernel, config, clock}: {readonly kernel: Kernel; readonly config: Config; readonly clock: Clock}) {
		this.#kernel = kernel
		this.#config = config
		this.#clock = clock
	}

	readonly drainOf: DrainOf = (server, realServer) => this.#drainClock.drainOf(server, realServer)

	/** Real servers that drain. */
	get count(): number {
		return this.#drainClock.count
	}

	/**
	 * Those that bear on any plan, because what leads to them has to stay: they are of a mark, or not wanted any more. In
	 * all others only real servers drain. It changes in place.
	 */
	get keys(): ReadonlySet<VirtualServerKey> {
		return this.#bearing
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
		const before = isDue ? [...this.#keys] : []
		const fresh = drainingAmong(touched, wanted, mirror)
		const looked = new Set([...before.filter(key => mirror.virtualServers.has(key)), ...fresh])
		const {drainDeadline: deadline} = this.#config
		// What came back in between begins anew when it goes again.
		const timed = touched.union(looked)
		const expired = this.#drainClock.expired(timed, {wanted, actual: mirror}, {now, deadline})
		this.#due = Math.min(this.#due, this.#drainClock.nextEnd(timed, now))
		this.#note([...before, ...timed], looked, {wanted, mirror})
		if (looked.size === 0) {
			return []
		}
		const input = {wanted, mirror, ramping, expired, draining: this.#bearing}
		const {outcomes, draining} = await finishDrains(this.#kernel, looked, input, this.#config)
		this.#note(looked, draining, {wanted, mirror})
		return outcomes
	}

	/** To be told, before the first of several looks, of all that they will be at: it bears on the plans for each of them. */
	expect(touched: Iterable<VirtualServerKey>, {wanted, mirror}: Pick<Looked, 'wanted' | 'mirror'>): void {
		for (const key of drainingAmong(touched, wanted, mirror)) {
			put(this.#bearing, key, bears(key, {wanted, mirror}))
		}
	}

	/** Of these, something drains in those of `draining` and in no others. */
	#note(
		keys: Iterable<VirtualServerKey>,
		draining: ReadonlySet<VirtualServerKey>,
		{wanted, mirror}: Pick<Looked, 'wanted' | 'mirror'>,
	): void {
		for (const key of keys) {
			const isDraining = draining.has(key)
			put(this.#keys, key, isDraining)
			put(this.#bearing, key, isDraining && bears(key, {wanted, mirror}))
			if (!isDraining) {
				// Nobody asks any more.
				this.#drainClock.forget(key, wanted)
			}
		}
	}
}

/** What leads to a draining virtual server has to stay. */
const bears = (key: VirtualServerKey, {wanted, mirror}: Pick<Looked, 'wanted' | 'mirror'>): boolean =>
	!wanted.virtualServers.has(key) || mirror.virtualServers.get(key)?.server.listen.kind === 'firewall-mark'

const put = <Item>(set: Set<Item>, item: Item, isIn: boolean): void => {
	isIn ? set.add(item) : set.delete(item)
}
