import {createInterface} from 'node:readline'
import {fileURLToPath} from 'node:url'
import type {ProbeResult} from '../topology/answer.ts'
import type {Host} from '../topology/hosts.ts'
import type {Target} from '../topology/probe.ts'
import type {Topology} from '../topology/topology.ts'

const SCRIPT = fileURLToPath(new URL('asker.pl', import.meta.url))

/** A client that stays, to ask whatever it is told to: one process for all questions from one host. */
export class Asker {
	/** For people: `pod b`. */
	readonly name: string
	readonly host: Host
	readonly #process
	readonly #lines

	constructor(topology: Topology, name: string, host: Host) {
		this.name = name
		this.host = host
		this.#process = topology.spawn(host, 'perl', [SCRIPT])
		this.#lines = createInterface({input: this.#process.stdout})[Symbol.asyncIterator]()
	}

	/** The answers over so many new connections, one after the other. */
	async ask(
		{protocol = 'tcp', address, port, timeoutMs = 2000}: Target,
		count: number,
	): Promise<readonly ProbeResult[]> {
		this.#process.stdin.write(`${protocol} ${address} ${port} ${count} ${timeoutMs}\n`)
		const results: ProbeResult[] = []
		while (results.length < count) {
			const {value, done} = await this.#lines.next()
			if (done) throw new Error(`asker.pl on ${this.host.name} ended: ${(await this.#process).stderr}`)
			results.push(JSON.parse(value))
		}
		return results
	}
}
