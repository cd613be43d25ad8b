import {createInterface} from 'node:readline'
import {fileURLToPath} from 'node:url'
import type {Host} from './hosts.ts'
import type {Place} from './place.ts'
import type {Topology} from './topology.ts'

const SCRIPT = fileURLToPath(new URL('load.pl', import.meta.url))

export interface LoadOptions {
	/** New connections go to them in turn. */
	readonly targets: readonly {readonly address: string; readonly port: number}[]
	/** Between the beginnings of two new connections, in milliseconds; more where the machine is too busy. */
	readonly interval?: number
	/** So many connections stay open and ask every 100 ms; each is opened again when it ends. */
	readonly long?: number
	/** No answer for so many milliseconds is a failure. */
	readonly timeoutMs?: number
	/** New connections use these source ports again and again: the first target the first `count`, and so on. */
	readonly sourcePorts?: {readonly first: number; readonly count: number}
	/** Who closes a new connection, in turn: the server, the client with a reset, the client. All of them if not given. */
	readonly closers?: readonly ('server' | 'reset' | 'client')[]
}

export interface LoadFailure {
	/** `slow` is no failure: an answer came, after more than 900 ms. */
	readonly kind: 'refused' | 'reset' | 'timeout' | 'closed' | 'unreachable' | 'slow' | (string & {})
	/** `10.96.0.10,80` */
	readonly target: string
	readonly stage: 'connect' | 'answer' | 'rest' | 'close'
	/** Who had answered over this connection before; empty where nobody had. */
	readonly pod: string
	readonly isLong: boolean
	/** 0 for a long connection. */
	readonly sourcePort: number
	/** Milliseconds since 1970. */
	readonly at: number
	readonly milliseconds: number
}

/** What a load has seen since its beginning. Times are in milliseconds. */
export interface LoadResult {
	/** Answers over new connections. */
	readonly requests: number
	readonly failed: number
	/** Answers that took more than 900 ms: a packet was lost and sent again. */
	readonly slow: number
	readonly slowest: number
	/** The longest time in which the load itself did not run; it counts for no answer. */
	readonly longestPause: number
	/** How often a source port was passed over. */
	readonly busyPorts: number
	readonly longRequests: number
	readonly longOpened: number
	/** Closed by the server between two requests. */
	readonly longEnded: number
	/** Closed or reset or silent with a request under way, after at least one answer. */
	readonly longLost: number
	/** Answers over new connections by who gave them. */
	readonly pods: Readonly<Record<string, number>>
	/** Details of the first 40. */
	readonly failures: readonly LoadFailure[]
}

/** One process that asks and asks from one host. */
export class Load {
	readonly #process
	readonly #lines
	readonly #place: Place

	private constructor(place: Place, args: readonly string[]) {
		this.#place = place
		// On a busy machine the load gives way, and not what it is put on.
		this.#process = place.spawn('nice', ['-n', '10', 'perl', SCRIPT, ...args])
		this.#lines = createInterface({input: this.#process.stdout})[Symbol.asyncIterator]()
	}

	/**
	 * Resolves when it has begun. Source ports in TIME_WAIT can be used again after a second in this host's network from
	 * then on, as with many HTTP clients and proxies; where that may not be set, they are passed over.
	 */
	static start(topology: Topology, host: Host, options: LoadOptions): Promise<Load> {
		return Load.startAt(topology.at(host), options)
	}

	/** The same from anywhere. */
	static async startAt(place: Place, options: LoadOptions): Promise<Load> {
		const {targets, interval = 5, long = 0, timeoutMs = 5000} = options
		const {sourcePorts = {first: 10_000, count: 400}, closers = ['server', 'reset', 'client']} = options
		await place.exec('sh', ['-c', '{ echo 1 >/proc/sys/net/ipv4/tcp_tw_reuse; } 2>/dev/null || :'])
		const load = new Load(place, [
			...[interval, long, timeoutMs, sourcePorts.first, sourcePorts.count].map(String),
			closers.join(','),
			...targets.map(({address, port}) => `${address},${port}`),
		])
		await load.#next()
		return load
	}

	/** What it has seen so far. */
	async look(): Promise<LoadResult> {
		this.#process.stdin.write('\n')
		return JSON.parse(await this.#next())
	}

	/** Finishes what is under way; resolves with what it has seen. */
	async stop(): Promise<LoadResult> {
		this.#process.stdin.end()
		const result = JSON.parse(await this.#next())
		await this.#process
		return result
	}

	async #next(): Promise<string> {
		const {value, done} = await this.#lines.next()
		if (done) {
			throw new Error(`the load from ${this.#place.name} ended: ${(await this.#process).stderr}`)
		}
		return value
	}
}
