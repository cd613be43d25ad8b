import type {IpvsClient} from '../../kernel/ipvs/client.ts'
import type {LocalStatus} from '../../observe/local-server.ts'
import type {VirtualServerKey} from '../../state/ipvs.ts'
import type {VirtualServerStats} from '../../state/stats.ts'
import {groupByService, type ServerReading, type ServiceTraffic} from './traffic.ts'

type Owners = LocalStatus['owners']

export interface TrafficSource {
	readonly ipvs: Pick<IpvsClient, 'readStats' | 'readRealServerStats'>
	/** Which Services virtual servers have; undefined where nobody knows. Never rejects. */
	readonly askOwners: () => Promise<Owners | undefined>
	/** Which of them are looked at. */
	readonly isAskedFor: (service: string | undefined) => boolean
}

/** An answer may be long. */
const LOOKS_PER_QUESTION = 10

/** Looks at the counters of the kernel time and again. */
export class TrafficReader {
	readonly #source: TrafficSource
	#owners: Owners = {}
	/** The virtual servers whose owners were asked for. */
	#known: ReadonlySet<VirtualServerKey> = new Set()
	#looks = 0

	constructor(source: TrafficSource) {
		this.#source = source
	}

	/**
	 * Owners are asked for again where there is a virtual server that was not there before, and now and then: one that was
	 * there may be another Service's, and a kube-lvs that has just started knows none.
	 */
	async look(): Promise<readonly ServiceTraffic[]> {
		const {ipvs, isAskedFor} = this.#source
		const servers = await ipvs.readStats()
		await this.#learnOwners(servers)
		const readings: ServerReading[] = []
		for (const server of servers.filter(({server}) => isAskedFor(this.#owners[server.key]))) {
			readings.push({...server, realServers: await ipvs.readRealServerStats(server.server)})
		}
		return groupByService(readings, key => this.#owners[key])
	}

	async #learnOwners(servers: readonly VirtualServerStats[]): Promise<void> {
		if (this.#looks++ % LOOKS_PER_QUESTION === 0 || servers.some(({server}) => !this.#known.has(server.key))) {
			const owners = await this.#source.askOwners()
			// Nobody answers while kube-lvs is started anew: what is known stays, and is asked for at the next look.
			this.#owners = owners ?? this.#owners
			this.#known = new Set(owners && servers.map(({server}) => server.key))
		}
	}
}
