import {type EchoServer, startEcho} from '../topology/echo.ts'
import type {Node, Pod} from '../topology/hosts.ts'
import type {Topology} from '../topology/topology.ts'
import {type Conditions, sliceObjects} from './objects.ts'
import type {ObjectsFolder} from './objects-folder.ts'

export interface RolloutOptions {
	readonly topology: Topology
	readonly objects: ObjectsFolder
	/** Where pods are put, in turn. */
	readonly nodes: readonly Node[]
	/** All with the same endpoints. */
	readonly services: readonly string[]
	readonly port: number
}

/** What the EndpointSlices say about a pod; one that starts is not in them. */
type Phase = 'starting' | 'ready' | 'terminating'

const CONDITIONS: Readonly<Record<Phase, Conditions | undefined>> = {
	starting: undefined,
	ready: {ready: true, serving: true, terminating: false},
	terminating: {ready: false, serving: true, terminating: true},
}

interface Running {
	readonly pod: Pod
	readonly echo: EchoServer
	phase: Phase
}

/** The pods of a Deployment, and their EndpointSlices as the controllers of Kubernetes write them. */
export class Rollout {
	readonly #options: RolloutOptions
	readonly #running = new Map<string, Running>()
	#created = 0

	constructor(options: RolloutOptions) {
		this.#options = options
	}

	/** Pods that answer already, and are not in the EndpointSlices yet. */
	async start(count: number): Promise<readonly Pod[]> {
		return Promise.all(Array.from({length: count}, () => this.#start()))
	}

	/** Writes the EndpointSlices after pods have come into other phases. */
	async move(phase: Phase, ...pods: readonly Pod[]): Promise<void> {
		this.#enter(phase, pods)
		await this.#publish()
	}

	/** One step of a rolling update: the new pod is ready, so the old one is asked to end, and serves on meanwhile. */
	async replace(old: Pod, fresh: Pod): Promise<void> {
		this.#enter('ready', [fresh])
		await this.move('terminating', old)
	}

	/** Its process ends as a server does that finishes its requests; then its addresses and its endpoint go. */
	async remove(pod: Pod): Promise<void> {
		await this.#running.get(pod.name)?.echo.finish()
		this.#running.delete(pod.name)
		await this.#options.topology.removePod(pod)
		await this.#publish()
	}

	async #start(): Promise<Pod> {
		const {topology, nodes, port} = this.#options
		const number = this.#created++
		const pod = await topology.addPod(nodes[number % nodes.length] as Node, `p${number}`)
		const echo = await startEcho(topology, pod, {ports: [port]})
		this.#running.set(pod.name, {pod, echo, phase: 'starting'})
		return pod
	}

	#enter(phase: Phase, pods: readonly Pod[]): void {
		for (const {name} of pods) {
			const running = this.#running.get(name)
			if (!running) {
				throw new Error(`pod ${name} is gone`)
			}
			running.phase = phase
		}
	}

	async #publish(): Promise<void> {
		const {objects, services, port} = this.#options
		const endpoints = [...this.#running.values()].flatMap(({pod, phase}) => {
			const conditions = CONDITIONS[phase]
			return conditions ? [{...pod, conditions}] : []
		})
		await objects.apply(...services.flatMap(service => sliceObjects(service, endpoints, port)))
	}
}
