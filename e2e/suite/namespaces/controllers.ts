import {setTimeout as sleep} from 'node:timers/promises'
import {type Conditions, type KubernetesObject, sliceObjects} from '../../scenario/objects.ts'
import {type EchoServer, startEcho} from '../../topology/echo.ts'
import type {Node, Pod} from '../../topology/hosts.ts'
import type {Topology} from '../../topology/topology.ts'
import type {ClusterPod} from '../cluster.ts'
import {POD_PORT} from '../workload.ts'
import type {Services} from './services.ts'

/** What of a Deployment is heeded here. */
interface Deployment {
	readonly name: string
	readonly replicas: number
	/** Nothing where its pods may be on any node. */
	readonly node: string | undefined
	/** Equal for pods of the same template. */
	readonly revision: string
	/** Seconds that a pod serves on after it was asked to end. */
	readonly grace: number
}

interface Running {
	readonly pod: Pod
	readonly of: Deployment
	echo?: EchoServer
	isTerminating?: boolean
}

/** Writes EndpointSlices. */
type Publish = (slices: readonly KubernetesObject[]) => void

/**
 * What the controllers of Kubernetes and the kubelets do, as far as the scenarios need it: pods from Deployments, rolling
 * updates without unavailable pods, EndpointSlices from pods, and the slow end of a pod.
 */
export class Controllers {
	readonly #topology: Topology
	readonly #publish: Publish
	readonly #deployments = new Map<string, Deployment>()
	readonly #services: Services
	readonly #running = new Map<string, Running>()
	readonly #cordoned = new Set<string>()
	#created = 0
	#failure: unknown

	constructor(topology: Topology, services: Services, publish: Publish) {
		this.#topology = topology
		this.#services = services
		this.#publish = publish
	}

	apply(object: KubernetesObject): void {
		const wanted = readDeployment(object)
		this.#deployments.set(wanted.name, wanted)
		this.#reconcile(wanted.name)
	}

	remove(name: string): void {
		const wanted = this.#deployments.get(name)
		if (wanted) {
			this.#deployments.set(name, {...wanted, replicas: 0})
			this.#reconcile(name)
		}
	}

	/** Writes the EndpointSlices of all Services. */
	publish(): void {
		this.#publish(this.#services.all().flatMap(service => this.#slicesOf(service)))
	}

	pods(deployment: string): readonly ClusterPod[] {
		return this.#of(deployment).map(({pod, echo, isTerminating = false}) => ({
			...pod,
			isReady: echo !== undefined,
			isTerminating,
		}))
	}

	/** Throws what went wrong with any pod so far. */
	isRolledOut(name: string): boolean {
		if (this.#failure) {
			throw this.#failure
		}
		const wanted = this.#deployments.get(name)
		const staying = this.#of(name).filter(({isTerminating}) => !isTerminating)
		return (
			staying.length === wanted?.replicas &&
			staying.every(({of, echo}) => of.revision === wanted.revision && echo !== undefined)
		)
	}

	drain(node: string): void {
		this.#cordoned.add(node)
		for (const running of this.#running.values()) {
			if (running.pod.node === node) {
				this.#terminate(running)
			}
		}
	}

	uncordon(node: string): void {
		this.#cordoned.delete(node)
	}

	/** Starts what is missing; as each new pod is ready, one more of the old ones goes. */
	#reconcile(name: string): void {
		const wanted = this.#deployments.get(name)
		const staying = this.#of(name).filter(({isTerminating}) => !isTerminating)
		const fresh = staying.filter(({of}) => of.revision === wanted?.revision)
		const replicas = wanted?.replicas ?? 0
		for (let missing = replicas - fresh.length; wanted && missing > 0; missing--) {
			this.#attempt(this.#start(wanted))
		}
		const ready = staying.filter(({echo}) => echo)
		const leaving = [...staying.filter(running => !fresh.includes(running)), ...fresh.slice(replicas)]
		for (const running of leaving.slice(0, Math.max(0, ready.length - replicas))) {
			this.#terminate(running)
		}
	}

	async #start(wanted: Deployment): Promise<void> {
		const node = this.#chooseNode(wanted)
		const pod = this.#topology.claimPod(node, `${wanted.name}-${this.#created++}`)
		const running: Running = {pod, of: wanted}
		this.#running.set(pod.name, running)
		await this.#topology.buildPod(pod)
		running.echo = await startEcho(this.#topology, pod, {ports: [POD_PORT]})
		this.publish()
		this.#reconcile(wanted.name)
	}

	#terminate(running: Running): void {
		if (!running.isTerminating) {
			running.isTerminating = true
			this.publish()
			this.#attempt(this.#end(running))
			this.#reconcile(running.of.name)
		}
	}

	async #end({pod, of, echo}: Running): Promise<void> {
		await sleep(of.grace * 1000)
		await echo?.finish()
		await this.#topology.removePod(pod)
		this.#running.delete(pod.name)
		this.publish()
	}

	/** The one with the fewest of its kind. */
	#chooseNode({name, revision, node}: Deployment): Node {
		const open = this.#topology.nodes.filter(({name}) => !this.#cordoned.has(name) && (node ?? name) === name)
		const countOn = (node: Node) =>
			this.#of(name).filter(({pod, of, isTerminating}) => {
				return pod.node === node.name && of.revision === revision && !isTerminating
			}).length
		const [chosen] = open.toSorted((a, b) => countOn(a) - countOn(b))
		if (!chosen) {
			throw new Error(`no node takes pods of ${name}`)
		}
		return chosen
	}

	#slicesOf({metadata, spec}: KubernetesObject): readonly KubernetesObject[] {
		const {selector, ports = []} = spec as {selector?: {app: string}; ports?: readonly SlicedPort[]}
		if (!selector) {
			return []
		}
		const endpoints = this.#of(selector.app).flatMap(({pod, echo, isTerminating = false}) =>
			echo ? [{...pod, conditions: conditionsOf(isTerminating)}] : [],
		)
		return sliceObjects(metadata.name, endpoints).map(slice => ({
			...slice,
			ports: ports.map(({name, protocol, targetPort}) => ({name, protocol, port: targetPort})),
		}))
	}

	#of(deployment: string): readonly Running[] {
		return [...this.#running.values()].filter(({of}) => of.name === deployment)
	}

	/** What fails in the background is said when somebody asks whether all is done. */
	#attempt(work: Promise<void>): void {
		work.catch(error => {
			this.#failure ??= error
		})
	}
}

interface SlicedPort {
	readonly name: string
	readonly protocol: string
	readonly targetPort: number
}

const conditionsOf = (isTerminating: boolean): Conditions => ({
	ready: !isTerminating,
	serving: true,
	terminating: isTerminating,
})

const readDeployment = ({metadata, spec}: KubernetesObject): Deployment => {
	const {replicas, template} = spec as {replicas: number; template: PodTemplate}
	return {
		name: metadata.name,
		replicas,
		node: template.spec.nodeSelector?.['kubernetes.io/hostname'],
		revision: JSON.stringify(template),
		grace: template.spec.containers[0]?.lifecycle?.preStop.sleep.seconds ?? 0,
	}
}

interface PodTemplate {
	readonly spec: {
		readonly nodeSelector?: Readonly<Record<string, string>>
		readonly containers: readonly {
			readonly lifecycle?: {readonly preStop: {readonly sleep: {readonly seconds: number}}}
		}[]
	}
}
