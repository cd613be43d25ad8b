import type {ApiServer} from '../../../test/support/api-server/start-api-server.ts'
import type {KubeLvs} from '../../scenario/kube-lvs.ts'
import {readNodeState} from '../../scenario/node-state.ts'
import type {KubernetesObject} from '../../scenario/objects.ts'
import type {Host, Node} from '../../topology/hosts.ts'
import type {Place} from '../../topology/place.ts'
import type {Topology} from '../../topology/topology.ts'
import type {Build, Cluster, ClusterPod, Origin} from '../cluster.ts'
import {until} from '../until.ts'
import {NAMESPACE} from '../workload.ts'
import {Controllers} from './controllers.ts'
import {KUBE_PROXY_CONFIG, serveAsKubeProxy} from './kube-proxy.ts'
import {Services} from './services.ts'

export interface Parts {
	readonly topology: Topology
	readonly api: ApiServer
	/** One for each node. */
	readonly kubeLvs: (build: Build, ...args: readonly string[]) => Promise<readonly KubeLvs[]>
	/** Whether that is what serves at first. */
	readonly isOfKubeProxy: boolean
	readonly destroy: () => Promise<void>
}

/** Nodes, pods and a client outside in one kernel, with a double of the API server and of the controllers. */
export class NamespacesCluster implements Cluster {
	readonly nodes: readonly [Node, Node]
	readonly #parts: Parts
	readonly #services = new Services()
	readonly #controllers: Controllers
	readonly #slices = new Map<string, string>()
	#running: readonly KubeLvs[] = []

	constructor(parts: Parts) {
		const {topology} = parts
		this.#parts = parts
		this.nodes = [topology.node('n1'), topology.node('n2')]
		this.#controllers = new Controllers(topology, this.#services, slices => this.#publish(slices))
	}

	at(origin: Origin): Place {
		return this.#parts.topology.at(this.#find(origin))
	}

	async apply(...objects: readonly KubernetesObject[]): Promise<void> {
		for (const object of objects) {
			object.kind === 'Service' ? this.#store(object) : this.#controllers.apply(object)
		}
	}

	async remove(kind: 'Service' | 'Deployment', ...names: readonly string[]): Promise<void> {
		for (const name of names) {
			kind === 'Service' ? this.#forget(name) : this.#controllers.remove(name)
		}
	}

	async service(name: string): Promise<KubernetesObject> {
		return this.#services.get(name)
	}

	async setLoadBalancer(name: string, ips: readonly string[]): Promise<void> {
		this.#store({...this.#services.get(name), status: {loadBalancer: {ingress: ips.map(ip => ({ip}))}}})
	}

	async pods(deployment: string): Promise<readonly ClusterPod[]> {
		return this.#controllers.pods(deployment)
	}

	async rolledOut(...deployments: readonly string[]): Promise<void> {
		const pods = () => JSON.stringify(deployments.map(name => this.#controllers.pods(name)))
		await until(`a rollout of ${deployments}`, pods, async () =>
			deployments.every(name => this.#controllers.isRolledOut(name)),
		)
		if (this.#parts.isOfKubeProxy && this.#running.length === 0) {
			await serveAsKubeProxy(this.#parts.topology, this.#controllers.pods('web'))
		}
	}

	async events(service: string): Promise<readonly string[]> {
		const events = this.#parts.api.events() as readonly {
			readonly regarding?: {name: string}
			readonly reason?: string
		}[]
		return events.flatMap(({regarding, reason}) => (regarding?.name === service && reason ? [reason] : []))
	}

	async drain(node: string): Promise<void> {
		this.#controllers.drain(node)
	}

	async uncordon(node: string): Promise<void> {
		this.#controllers.uncordon(node)
	}

	async withoutApiServer(during: () => Promise<void>): Promise<void> {
		const {api} = this.#parts
		api.fault({fault: 'reset', times: Number.MAX_SAFE_INTEGER})
		api.fault({fault: 'drop'})
		await during()
		api.clearFaults()
	}

	async state(node: string): Promise<readonly string[]> {
		return readNodeState(this.#parts.topology, this.#parts.topology.node(node))
	}

	async administer(node: string, script: string): Promise<void> {
		await this.at({node}).exec('sh', ['-e'], {input: script})
	}

	async install(...args: readonly string[]): Promise<void> {
		this.#running = await this.#parts.kubeLvs('first', ...args)
		await Promise.all(this.#running.map(start))
	}

	takeOver(): Promise<void> {
		return this.install('--kube-proxy-config', KUBE_PROXY_CONFIG)
	}

	async upgrade(build: Build): Promise<void> {
		const next = await this.#parts.kubeLvs(build)
		for (const [at, kubeLvs] of next.entries()) {
			await this.#running[at]?.stop()
			await start(kubeLvs)
		}
		this.#running = next
	}

	async uninstall(): Promise<void> {
		for (const kubeLvs of this.#running) {
			await kubeLvs.stop()
			const {exitCode, stderr} = await kubeLvs.command('cleanup')
			if (exitCode !== 0) {
				throw new Error(`cleanup: ${stderr}`)
			}
		}
		this.#running = []
	}

	async destroy(): Promise<void> {
		await Promise.all(this.#running.map(kubeLvs => kubeLvs.stop('SIGKILL')))
		await this.#parts.destroy()
	}

	#find(origin: Origin): Host {
		const {topology} = this.#parts
		if (origin === 'outside') {
			return topology.client('outside')
		}
		return 'pod' in origin ? topology.pod(origin.pod) : topology.node(origin.node)
	}

	#store(object: KubernetesObject): void {
		this.#parts.api.put(this.#services.put(object))
		this.#controllers.publish()
	}

	#forget(name: string): void {
		this.#services.delete(name)
		this.#parts.api.delete('Service', NAMESPACE, name)
		for (const slice of [...this.#slices.keys()].filter(key => key.startsWith(`${name}-ipv`))) {
			this.#slices.delete(slice)
			this.#parts.api.delete('EndpointSlice', NAMESPACE, slice)
		}
	}

	/** Only those that have changed. */
	#publish(slices: readonly KubernetesObject[]): void {
		for (const slice of slices) {
			const text = JSON.stringify(slice)
			if (this.#slices.get(slice.metadata.name) !== text) {
				this.#slices.set(slice.metadata.name, text)
				const annotations = {'endpoints.kubernetes.io/last-change-trigger-time': new Date().toISOString()}
				this.#parts.api.put({...slice, metadata: {...slice.metadata, annotations}})
			}
		}
	}
}

/** Seconds to the first sync, where two nodes and everything else share one CPU. */
const PATIENCE = 300

const start = async (kubeLvs: KubeLvs): Promise<void> => {
	const from = kubeLvs.launch()
	await kubeLvs.waitFor(({msg}) => msg === 'first sync done', from, PATIENCE)
}
