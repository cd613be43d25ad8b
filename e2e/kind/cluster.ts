import {readStateAt, SETS} from '../scenario/node-state.ts'
import type {KubernetesObject} from '../scenario/objects.ts'
import type {Build, Cluster, ClusterNode, ClusterPod, Origin} from '../suite/cluster.ts'
import {NAMESPACE} from '../suite/workload.ts'
import type {Place} from '../topology/place.ts'
import type {ExecOptions} from '../topology/topology.ts'
import {InstalledKubeLvs, imageOf} from './kube-lvs.ts'
import {clusterPods, type PodList} from './pods.ts'
import type {Tools} from './tools.ts'

export interface KindParts {
	readonly tools: Tools
	/** Of the cluster; its control plane and the client outside have it in their names. */
	readonly name: string
	readonly workers: readonly [ClusterNode, ClusterNode]
	/** The pod on a worker that uses its network. */
	readonly nodeOrigins: ReadonlyMap<string, string>
	readonly destroy: () => Promise<void>
}

const IN_NAMESPACE = ['--namespace', NAMESPACE]

/** A cluster that kind made, with a container outside on the same network. */
export class KindCluster implements Cluster {
	readonly nodes: readonly [ClusterNode, ClusterNode]
	readonly #parts: KindParts
	readonly #tools: Tools
	readonly #kubeLvs: InstalledKubeLvs
	#build: Build = 'first'

	constructor(parts: KindParts) {
		this.#parts = parts
		this.#tools = parts.tools
		this.#kubeLvs = new InstalledKubeLvs(parts.tools, parts.name)
		this.nodes = parts.workers
	}

	at(origin: Origin): Place {
		if (origin === 'outside') {
			return this.#place('outside', 'docker', ['exec'], [outsideOf(this.#parts.name)])
		}
		const pod = 'pod' in origin ? origin.pod : this.#parts.nodeOrigins.get(origin.node)
		const name = 'pod' in origin ? origin.pod : origin.node
		return this.#place(name, 'kubectl', ['exec', ...IN_NAMESPACE], [pod ?? '', '--'])
	}

	async apply(...items: readonly KubernetesObject[]): Promise<void> {
		const input = JSON.stringify({apiVersion: 'v1', kind: 'List', items})
		await this.#tools.run('kubectl', ['apply', '--filename', '-'], {input})
	}

	async remove(kind: 'Service' | 'Deployment', ...names: readonly string[]): Promise<void> {
		await this.#kubectl('delete', kind, ...names, ...IN_NAMESPACE, '--ignore-not-found')
	}

	service(name: string): Promise<KubernetesObject> {
		return this.#tools.get('service', name, ...IN_NAMESPACE)
	}

	async setLoadBalancer(name: string, ips: readonly string[]): Promise<void> {
		const patch = JSON.stringify({status: {loadBalancer: {ingress: ips.map(ip => ({ip}))}}})
		const how = ['--subresource', 'status', '--type', 'merge', '--patch', patch]
		await this.#kubectl('patch', 'service', name, ...IN_NAMESPACE, ...how)
	}

	async pods(deployment: string): Promise<readonly ClusterPod[]> {
		return clusterPods(await this.#tools.get<PodList>('pods', ...IN_NAMESPACE, '--selector', `app=${deployment}`))
	}

	async rolledOut(...deployments: readonly string[]): Promise<void> {
		for (const name of deployments) {
			await this.#kubectl('rollout', 'status', `deployment/${name}`, ...IN_NAMESPACE, '--timeout', '5m')
		}
	}

	async events(service: string): Promise<readonly string[]> {
		const selector = `involvedObject.kind=Service,involvedObject.name=${service}`
		const {items} = await this.#tools.get<EventList>('events', ...IN_NAMESPACE, '--field-selector', selector)
		return items.map(({reason}) => reason)
	}

	async drain(node: string): Promise<void> {
		await this.#kubectl('drain', node, '--ignore-daemonsets', '--delete-emptydir-data', '--timeout', '5m')
	}

	async uncordon(node: string): Promise<void> {
		await this.#kubectl('uncordon', node)
	}

	async withoutApiServer(during: () => Promise<void>): Promise<void> {
		const apiServer = `${this.#parts.name}-control-plane`
		await this.#tools.run('docker', ['pause', apiServer])
		try {
			await during()
		} finally {
			await this.#tools.run('docker', ['unpause', apiServer])
		}
	}

	/** The nodes share a kernel, whose /proc/net/ip_vs leaves out lines then. */
	async state(node: string): Promise<readonly string[]> {
		const servers = await this.#beside(node, 'kube-lvs', ['save'])
		const sets = await this.#beside(node, 'sh', ['-c', SETS])
		const rest = await readStateAt(this.#place(node, 'docker', ['exec'], [node]))
		return [...`${servers}\n${sets}`.split('\n').toSorted(), ...rest]
	}

	async administer(node: string, script: string): Promise<void> {
		await this.#beside(node, 'sh', ['-e'], {input: script})
	}

	/** In a container of our image on the network of a node: nodes of kind have neither ipset nor ipvsadm. */
	#beside(node: string, program: string, args: readonly string[], options: ExecOptions = {}): Promise<string> {
		const rights = ['--user', '0', '--cap-add', 'NET_ADMIN']
		const interactive = options.input === undefined ? [] : ['--interactive']
		const run = ['run', '--rm', ...interactive, ...rights, '--network', `container:${node}`]
		return this.#tools.run('docker', [...run, '--entrypoint', program, imageOf('first'), ...args], options)
	}

	install(): Promise<void> {
		return this.#kubeLvs.install('first')
	}

	async takeOver(): Promise<void> {
		await this.#kubeLvs.takeOver(this.#allNodes())
	}

	async upgrade(build: Build): Promise<void> {
		this.#build = build
		await this.#kubeLvs.install(build)
	}

	async uninstall(): Promise<void> {
		await this.#kubeLvs.uninstall(this.#allNodes(), this.#build)
	}

	destroy(): Promise<void> {
		return this.#parts.destroy()
	}

	#allNodes(): readonly string[] {
		return [...this.nodes.map(({name}) => name), `${this.#parts.name}-control-plane`]
	}

	#kubectl(...args: readonly string[]): Promise<string> {
		return this.#tools.run('kubectl', args)
	}

	/** Standard input goes along only where somebody writes to it. */
	#place(name: string, program: string, exec: readonly string[], target: readonly string[]): Place {
		const line = (options: readonly string[], command: string, args: readonly string[]) => [
			...exec,
			...options,
			...target,
			command,
			...args,
		]
		return {
			name,
			exec: async (command, args = [], options = {}) => {
				const interactive = options.input === undefined ? [] : ['--stdin']
				const flags = program === 'docker' ? interactive.map(() => '--interactive') : interactive
				const stdout = await this.#tools.run(program, line(flags, command, args), options)
				return {stdout, stderr: ''}
			},
			spawn: (command, args = []) => {
				const flags = program === 'docker' ? ['--interactive'] : ['--stdin']
				return this.#tools.spawn(program, line(flags, command, args))
			},
		}
	}
}

/** The container that is a client outside. */
export const outsideOf = (name: string): string => `${name}-outside`

interface EventList {
	readonly items: readonly {readonly reason: string}[]
}
