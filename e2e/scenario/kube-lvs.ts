import {createInterface} from 'node:readline'
import {fileURLToPath} from 'node:url'
import type {Node} from '../topology/hosts.ts'
import type {Process, Topology} from '../topology/topology.ts'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

/** How it is called: from its sources, or as what `KUBE_LVS_PROGRAM` names, such as a bundle. */
const PROGRAM = process.env.KUBE_LVS_PROGRAM ? [process.env.KUBE_LVS_PROGRAM] : ['node', MAIN]

/** One line of the log. */
export interface LogLine {
	readonly level: string
	readonly msg: string
	readonly [field: string]: unknown
}

export interface LaunchOptions {
	/** Besides those of the constructor. */
	readonly args?: readonly string[]
	/** Besides the environment of the tests. */
	readonly env?: Readonly<Record<string, string>>
}

/** So many lines of the log are shown when a line does not come. */
const LAST_LINES = 60

/** kube-lvs on a node of a topology, as an operator would run it. */
export class KubeLvs {
	readonly log: LogLine[] = []
	readonly #topology: Topology
	readonly #node: Node
	readonly #args: readonly string[]
	readonly #program: readonly string[]
	#process: Process | undefined
	#waiting: (() => void)[] = []

	constructor(topology: Topology, node: Node, args: readonly string[], program: readonly string[] = PROGRAM) {
		this.#program = program
		this.#topology = topology
		this.#node = node
		const runtimeDirectory = `/run/kube-lvs-${node.namespace}`
		this.#args = ['--node-name', node.name, '--runtime-directory', runtimeDirectory, '--log-level', 'debug', ...args]
	}

	/** Starts it; resolves when the first sync is done. */
	async start(...args: readonly string[]): Promise<LogLine> {
		const from = this.launch({args})
		return this.waitFor(line => line.msg === 'first sync done', from)
	}

	/** Starts it and does not wait; the result is where its log begins. */
	launch({args = [], env = {}}: LaunchOptions = {}): number {
		const from = this.log.length
		const child = this.#topology.spawn(this.#node, ...this.#call('run', args), {env})
		this.#process = child
		createInterface({input: child.stdout}).on('line', line => this.#take(line))
		createInterface({input: child.stderr}).on('line', line => this.log.push({level: 'stderr', msg: line}))
		child.then(() => {
			if (this.#process === child) {
				this.#process = undefined
			}
			this.#wakeAll()
		})
		return from
	}

	/** Ends it; resolves with the exit code when it is gone. */
	async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number | undefined> {
		const child = this.#process
		this.#process = undefined
		child?.kill(signal)
		return (await child)?.exitCode
	}

	/** Resolves with the exit code when the process that runs now has ended by itself. */
	async ended(): Promise<number | undefined> {
		return (await this.#process)?.exitCode
	}

	/** Runs another command of it on the same node. */
	async command(name: string, ...args: readonly string[]) {
		return this.#topology.exec(this.#node, ...this.#call(name, args), {reject: false})
	}

	/** The first line from `from` on that fits; throws with the log when none comes in time or the process ends. */
	async waitFor(fits: (line: LogLine) => boolean, from = 0, seconds = 90): Promise<LogLine> {
		const deadline = Date.now() + seconds * 1000
		for (;;) {
			const found = this.log.slice(from).find(fits)
			if (found) {
				return found
			}
			if (Date.now() > deadline || !this.#process) {
				const last = this.log.slice(-LAST_LINES).map(line => JSON.stringify(line))
				throw new Error(`no such line in the log, which ends:\n${last.join('\n')}`)
			}
			await new Promise<void>(resolve => {
				this.#waiting.push(resolve)
				setTimeout(resolve, 500)
			})
		}
	}

	/** Resolves when a sync of changed Services that starts after this call has done something, or throws. */
	async nextSync(cause: () => Promise<unknown>): Promise<LogLine> {
		const from = this.log.length
		await cause()
		return this.waitFor(({msg, changed}) => (msg === 'synced' && Number(changed) > 0) || msg.startsWith('audit:'), from)
	}

	#call(name: string, args: readonly string[]): [program: string, args: readonly string[]] {
		const [program = '', ...first] = this.#program
		return [program, [...first, name, ...this.#args, ...args]]
	}

	#take(line: string): void {
		try {
			this.log.push(JSON.parse(line))
		} catch {
			this.log.push({level: 'raw', msg: line})
		}
		this.#wakeAll()
	}

	#wakeAll(): void {
		for (const wake of this.#waiting.splice(0)) {
			wake()
		}
	}
}
