import type {Config} from '../config/fields.ts'
import type {IpvsClient} from '../kernel/ipvs/client.ts'
import {type Balancing, tryOut} from '../kernel/ipvs/trial.ts'
import type {Feature} from '../model/node-context.ts'
import type {VirtualServer, VirtualServerKey, VirtualServerState} from '../state/ipvs.ts'

/**
 * Which of the schedulers and persistence engines that Services ask for this node's kernel lacks. Each is tried out
 * before it is used for the first time, so that no sync fails because of it, and again at each audit unless a virtual
 * server uses it: a module may have been loaded, or unloaded, meanwhile. The configured scheduler was tried out at start.
 */
export class Features {
	readonly #ipvs: IpvsClient
	readonly #configured: string
	/** What was tried out: with what, and whether it is lacking. */
	readonly #known = new Map<Feature, {readonly balancing: Balancing; readonly isLacking: boolean}>()
	/** What virtual servers used at the last review, whoever's they are: it needs no trial. */
	#used: ReadonlySet<Feature> = new Set()

	constructor(ipvs: IpvsClient, {scheduler}: Pick<Config, 'scheduler'>) {
		this.#ipvs = ipvs
		this.#configured = scheduler
	}

	/** As of now. */
	get lacking(): ReadonlySet<Feature> {
		return new Set([...this.#known].flatMap(([feature, {isLacking}]) => (isLacking ? [feature] : [])))
	}

	/** All that were tried out, and whether each is lacking. */
	*tried(): Generator<readonly [Feature, boolean]> {
		for (const [feature, {isLacking}] of this.#known) {
			yield [feature, isLacking]
		}
	}

	/**
	 * Tries out what these virtual servers use and none did before, in a kernel that holds this; whether something of it is
	 * lacking.
	 */
	async learn(servers: Iterable<VirtualServer>, present: ServersByKey): Promise<boolean> {
		const asked = [...this.#featuresOf(servers)]
		const fresh = new Map(asked.filter(([feature]) => !this.#known.has(feature)))
		return fresh.size > 0 && this.#tryOut(fresh, present)
	}

	/** Tries out what is asked for or lacking, in a kernel that holds this; whether anything is other than it was. */
	async review(present: ServersByKey, wanted: ServersByKey): Promise<boolean> {
		this.#used = new Set(this.#featuresOf(serversOf(present)).keys())
		const asked = new Map(this.#featuresOf(serversOf(wanted)))
		for (const [feature, {balancing, isLacking}] of this.#known) {
			isLacking ? asked.set(feature, balancing) : this.#known.delete(feature)
		}
		return asked.size > 0 && this.#tryOut(asked, present)
	}

	/** Where the kernel gives no clear answer the sync will meet the same trouble, and says so: nothing is concluded. */
	async #tryOut(features: ReadonlyMap<Feature, Balancing>, present: ServersByKey): Promise<boolean> {
		const before = this.lacking
		try {
			for (const [feature, balancing] of features) {
				const code = this.#used.has(feature) ? undefined : await tryOut(this.#ipvs, balancing, present)
				this.#known.set(feature, {balancing, isLacking: code === 'ENOENT'})
			}
		} catch {
			// As above.
		}
		return before.symmetricDifference(this.lacking).size > 0
	}

	/** All that these use, and with what to try out each. */
	#featuresOf(servers: Iterable<VirtualServer>): ReadonlyMap<Feature, Balancing> {
		const features = new Map<Feature, Balancing>()
		for (const {scheduler, persistence} of servers) {
			if (scheduler !== this.#configured) {
				features.set(`scheduler ${scheduler}`, {scheduler, persistence: undefined})
			}
			if (persistence?.engine !== undefined) {
				const trial = {timeoutSeconds: 60, prefixLength: 32, engine: persistence.engine}
				features.set(`engine ${trial.engine}`, {scheduler: this.#configured, persistence: trial})
			}
		}
		return features
	}
}

type ServersByKey = ReadonlyMap<VirtualServerKey, VirtualServerState>

const serversOf = (servers: ServersByKey): Iterable<VirtualServer> => servers.values().map(({server}) => server)
