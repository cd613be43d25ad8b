import {execa, type ResultPromise} from 'execa'
import type {Host, Node, Pod, TopologySpec} from './hosts.ts'
import {numberClient, numberNode, numberPod} from './numbering.ts'
import type {Place} from './place.ts'
import {fabricNamespace, renderClient, renderFabric, renderNode, renderPod} from './render.ts'

/** Nodes, pods and outside clients in one kernel. Runs inside `e2e/kernel/run.ts` only: it must never meet a real network. */
export const createTopology = async (spec: TopologySpec): Promise<Topology> => {
	if (!process.env.KUBE_LVS_KERNEL)
		throw new Error('a topology is made inside a test kernel: node e2e/kernel/run.ts ...')
	const nodes = spec.nodes.map(({name}, index) => numberNode(spec.name, name, index))
	const clients = (spec.clients ?? []).map((name, index) => numberClient(spec.name, name, index))
	const topology = new Topology(spec.name, nodes, clients)
	const pods = spec.nodes.flatMap(({pods = []}, index) =>
		pods.map(name => topology.claimPod(nodes[index] as Node, name)),
	)
	await runScript([
		renderFabric(spec.name),
		...nodes.map(node =>
			renderNode(
				spec.name,
				node,
				nodes.filter(other => other !== node),
			),
		),
		...clients.map(client => renderClient(spec.name, client, nodes[0])),
		...pods.map(pod => renderPod(pod, topology.node(pod.node))),
	])
	return topology
}

export interface SpawnOptions {
	readonly cwd?: string
	readonly env?: Readonly<Record<string, string>>
}

export interface ExecOptions extends SpawnOptions {
	readonly input?: string
	readonly reject?: boolean
}

export interface ExecResult {
	readonly stdout: string
	readonly stderr: string
	/** Nothing when a signal ended it. */
	readonly exitCode?: number | undefined
}

export type Process = ResultPromise<{reject: false}>

/** What stands, and how to do things in it. Everything started here ends with `destroy`. */
export class Topology {
	readonly name: string
	readonly nodes: readonly Node[]
	readonly clients: readonly Host[]
	readonly #pods = new Map<string, Pod>()
	readonly #processes = new Set<Process>()
	readonly #podsEver = new Map<string, number>()

	constructor(name: string, nodes: readonly Node[], clients: readonly Host[]) {
		this.name = name
		this.nodes = nodes
		this.clients = clients
	}

	get pods(): readonly Pod[] {
		return [...this.#pods.values()]
	}

	node(name: string): Node {
		return found(this.nodes, name)
	}

	pod(name: string): Pod {
		return found(this.pods, name)
	}

	client(name: string): Host {
		return found(this.clients, name)
	}

	/** Runs a command to its end in a host's network; throws when it fails, unless `reject` is false. */
	async exec(
		host: Host,
		command: string,
		args: readonly string[] = [],
		options: ExecOptions = {},
	): Promise<ExecResult> {
		return execa('ip', inNamespace(host, command, args), options)
	}

	/**
	 * Starts a long-running command in a host's network; it gets SIGKILL from `destroy` at the latest. The result is a
	 * promise of its end (it never rejects): an async function must not return it bare, or its caller waits for that end.
	 * Whoever asks it to end by a milder signal gives it the time that it takes.
	 */
	spawn(host: Host, command: string, args: readonly string[] = [], options: SpawnOptions = {}): Process {
		const child = execa('ip', inNamespace(host, command, args), {
			...options,
			reject: false,
			forceKillAfterDelay: false,
		}) as Process
		this.#processes.add(child)
		child.finally(() => this.#processes.delete(child))
		return child
	}

	/** A host as somewhere that programs run. */
	at(host: Host): Place {
		return {
			name: host.name,
			exec: (command, args, options) => this.exec(host, command, args, options),
			spawn: (command, args) => this.spawn(host, command, args),
		}
	}

	async addPod(node: Node, name: string): Promise<Pod> {
		const pod = this.claimPod(node, name)
		await this.buildPod(pod)
		return pod
	}

	/** One that `claimPod` has named. */
	async buildPod(pod: Pod): Promise<void> {
		await runScript([renderPod(pod, this.node(pod.node))])
	}

	/** Its processes die with it, as when a container is killed. */
	async removePod(pod: Pod): Promise<void> {
		this.#pods.delete(pod.name)
		await removeNamespaces([pod.namespace])
	}

	async destroy(): Promise<void> {
		for (const child of this.#processes) child.kill('SIGKILL')
		await Promise.all(this.#processes)
		const hosts: readonly Host[] = [...this.pods, ...this.nodes, ...this.clients]
		await removeNamespaces([...hosts.map(host => host.namespace), fabricNamespace(this.name)])
		this.#pods.clear()
	}

	/** Names and numbers a pod without building it. Addresses are never given twice. */
	claimPod(node: Node, name: string): Pod {
		if (this.#pods.has(name)) throw new Error(`pod ${name} exists; names are unique in a topology`)
		const index = this.#podsEver.get(node.name) ?? 0
		this.#podsEver.set(node.name, index + 1)
		const pod = numberPod(node, name, index)
		this.#pods.set(name, pod)
		return pod
	}
}

const inNamespace = (host: Host, command: string, args: readonly string[]): readonly string[] => [
	...['netns', 'exec', host.namespace, command],
	...args,
]

const found = <H extends Host>(hosts: readonly H[], name: string): H => {
	const host = hosts.find(candidate => candidate.name === name)
	if (!host) throw new Error(`no ${name} among ${hosts.map(candidate => candidate.name).join(', ')}`)
	return host
}

/** A namespace lives as long as a process in it: those go first. */
const removeNamespaces = (namespaces: readonly string[]): Promise<void> =>
	runScript(namespaces.map(name => `kill -9 $(ip netns pids ${name}) 2>/dev/null || :; ip netns del ${name}`))

const runScript = async (parts: readonly string[]): Promise<void> => {
	await execa('sh', ['-e'], {input: parts.join('\n')})
}
