import {createInterface} from 'node:readline'
import {fileURLToPath} from 'node:url'
import type {ProbeResult} from './answer.ts'
import type {Host} from './hosts.ts'
import type {Target} from './probe.ts'
import type {Process, Topology} from './topology.ts'

const SCRIPT = fileURLToPath(new URL('clients.pl', import.meta.url))

export interface Asking extends Omit<Target, 'timeoutMs'> {
	/** 1 if not given. */
	readonly count?: number
	/** An address of the host; the kernel's choice if not given. */
	readonly source?: string | undefined
	/** What is sent; a line with a question mark if not given. */
	readonly question?: string
}

/** Connections that stay open. */
export interface Held {
	/** The first answers, in the order in which the connections were opened. */
	readonly results: readonly ProbeResult[]
	/** Each asks once more. */
	readonly again: () => Promise<readonly ProbeResult[]>
	readonly close: () => Promise<void>
}

/**
 * Clients on one host, in one process: new connections one after the other, each answered before the next begins, so that
 * the order of answers is that of a scheduler's choices. No source port is used twice.
 */
export class Clients {
	readonly #process: Process
	readonly #lines
	#groups = 0

	private constructor(process: Process) {
		this.#process = process
		this.#lines = createInterface({input: process.stdout})[Symbol.asyncIterator]()
	}

	static async start(topology: Topology, host: Host, timeoutMs = 5000): Promise<Clients> {
		const clients = new Clients(topology.spawn(host, 'perl', [SCRIPT, String(timeoutMs)]))
		await clients.#next()
		return clients
	}

	/** Each connection is closed after its answer. */
	async ask(...all: readonly Asking[]): Promise<readonly ProbeResult[]> {
		const results = await Promise.all(all.map(asking => this.#command(commandOf('-', asking))))
		return results.flat()
	}

	/** Connections that stay open until they are closed. */
	async hold(...all: readonly Asking[]): Promise<Held> {
		const group = `g${this.#groups++}`
		const results = await Promise.all(all.map(asking => this.#command(commandOf(group, asking))))
		return {
			results: results.flat(),
			again: () => this.#command(`again ${group}`),
			close: async () => void (await this.#command(`close ${group}`)),
		}
	}

	/** Lines come back in the order of the commands. */
	#command(line: string): Promise<readonly ProbeResult[]> {
		this.#process.stdin.write(`${line}\n`)
		return this.#next()
	}

	async #next(): Promise<readonly ProbeResult[]> {
		const {value, done} = await this.#lines.next()
		if (done) {
			throw new Error(`the clients ended: ${(await this.#process).stderr}`)
		}
		return JSON.parse(value)
	}
}

const commandOf = (group: string, asking: Asking): string => {
	const {protocol = 'tcp', address, port, count = 1, source = '-', question = '?\n'} = asking
	return ['ask', group, protocol, address, port, count, source, Buffer.from(question).toString('hex')].join(' ')
}
