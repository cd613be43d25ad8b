import {createInterface} from 'node:readline'
import {fileURLToPath} from 'node:url'
import type {Node} from '../topology/hosts.ts'
import type {Process, Topology} from '../topology/topology.ts'
import {type Container, inContainer, readContainer} from './container.ts'

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
	/** Besides what the chart lets it write. */
	readonly writable?: readonly string[]
}

export interface KubeLvsOptions {
	/** What is run instead of the sources, or of what `KUBE_LVS_PROGRAM` names. */
	readonly program?: readonly string[]
	/** Instead of the chart's; `none` is root on the node, as where it is no container. */
	readonly container?: Container | 'none'
}

/** So many lines of the log are shown when a line does not come. */
const LAST_LINES = 60

/** Where Node.js keeps compiled JavaScript for the tests; an image brings it along. */
const CACHE = process.env.NODE_COMPILE_CACHE ? [process.env.NODE_COMPILE_CACHE] : []

/** Done when its container is gone, by one with all rights (docs/cluster.md). */
const PRIVILEGED = 'cleanup'

/**
 * kube-lvs on a node of a topology, as an operator would run it: in a container of the chart, on a node where kernel
 * modules are loaded and kernel settings made, as the chart's init container leaves it.
 */
export class KubeLvs {
	readonly log: LogLine[] = []
	readonly #topology: Topology
	readonly #node: Node
	readonly #args: readonly string[]
	readonly #program: readonly string[]
	readonly #runtimeDirectory: string
	readonly #container: Container | 'none'
	#process: Process | undefined
	#waiting: (() => void)[] = []

	constructor(
		topology: Topology,
		node: Node,
		args: readonly string[],
		{program = PROGRAM, container = readContainer()}: KubeLvsOptions = {},
	) {
		this.#program = program
		this.#topology = topology
		this.#node = node
		this.#container = container
		this.#runtimeDirectory = `/run/kube-lvs-${node.namespace}`
		this.#args = [
			...['--node-name', node.name, '--runtime-directory', this.#runtimeDirectory, '--log-level', 'debug'],
			...args,
		]
	}

	/** Starts it; resolves when the first sync is done. */
	async start(...args: readonly string[]): Promise<LogLine> {
		const from = this.launch({args})
		return this.waitFor(line => line.msg === 'first sync done', from)
	}

	/** Starts it and does not wait; the result is where its log begins. */
	launch({args = [], env = {}, writable = []}: LaunchOptions = {}): number {
		const from = this.log.length
		const child = this.#topology.spawn(this.#node, ...this.#call('run', args, writable), {env})
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

	/** Sends a signal and does not wait. */
	signal(signal: 'SIGTERM' | 'SIGINT'): void {
		this.#process?.kill(signal)
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

	#call(
		name: string,
		args: readonly string[],
		writable: readonly string[] = [],
	): [program: string, args: readonly string[]] {
		const [program = '', ...first] = [...this.#program, name, ...this.#args, ...args]
		if (this.#container === 'none' || name === PRIVILEGED) {
			return [program, first]
		}
		const all = [...this.#container.writable, ...CACHE, ...writable]
		return inContainer({...this.#container, writable: all}, this.#runtimeDirectory, [program, ...first])
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
