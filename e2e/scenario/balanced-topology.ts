import {giveClientNetworks} from '../topology/client-networks.ts'
import {Clients} from '../topology/clients.ts'
import {startEcho} from '../topology/echo.ts'
import type {Family, Pod} from '../topology/hosts.ts'
import {type EndpointHost, type ServiceSpec, serviceObject, sliceObjects} from './objects.ts'
import {createServedTopology, ECHO_PORT, type ServedTopology} from './served-topology.ts'

export interface BalancedSpec extends Omit<ServiceSpec, 'name' | 'number' | 'annotations'> {
	/** Without `kube-lvs.io/`. */
	readonly annotations?: Readonly<Record<string, string>>
	/** Of the pods in their order; 1 where none is given. */
	readonly weights?: readonly number[]
	/** All if not given. */
	readonly pods?: readonly EndpointHost[]
}

/** Where a Service is served. */
export interface Balanced {
	readonly address: string
	readonly port: number
	readonly in: (family: Family) => {readonly address: string; readonly port: number}
}

/** A node whose pods echo, Services that differ in their annotations, and one process that is thousands of clients. */
export class BalancedTopology {
	readonly served: ServedTopology
	readonly clients: Clients
	readonly #numbers = new Map<string, number>()

	private constructor(served: ServedTopology, clients: Clients) {
		this.served = served
		this.clients = clients
	}

	/** With so many pods, which are called a, b, c and so on; three at least. */
	static async create(name: string, pods = 3, ...args: readonly string[]): Promise<BalancedTopology> {
		const served = await createServedTopology(name, '--audit-interval', '1h', '--drain-interval', '1s', ...args)
		const {topology, kubeLvs} = served
		const [node, outside] = [topology.node('n1'), topology.client('outside')]
		for (const letter of 'defghijklmnopqrstuvwxyz'.slice(0, pods - 3)) {
			await startEcho(topology, await topology.addPod(node, letter), {ports: [ECHO_PORT]})
		}
		await giveClientNetworks(topology, outside, node)
		await kubeLvs.start()
		return new BalancedTopology(served, await Clients.start(topology, outside))
	}

	get pods(): readonly Pod[] {
		return this.served.topology.pods
	}

	/** Applies a Service and its EndpointSlices, or changes them; resolves when it is served so. */
	async serve(name: string, spec: BalancedSpec = {}): Promise<Balanced> {
		const {annotations = {}, weights, pods = this.pods, port = 80, ...rest} = spec
		const number = this.#numbers.get(name) ?? 10 + this.#numbers.size
		this.#numbers.set(name, number)
		const all = {...annotations, ...(weights && {weights: weightsOf(pods, weights)})}
		const prefixed = Object.fromEntries(Object.entries(all).map(([key, value]) => [`kube-lvs.io/${key}`, value]))
		const service = serviceObject({name, number, port, annotations: prefixed, ...rest})
		await this.served.kubeLvs.nextSync(() => this.served.objects.apply(service, ...sliceObjects(name, pods, ECHO_PORT)))
		const addresses = {ipv4: `10.96.0.${number}`, ipv6: `fd00:96::${number.toString(16)}`}
		return {address: addresses.ipv4, port, in: family => ({address: addresses[family], port})}
	}

	/** What ipvsadm shows of the real servers of a virtual server for TCP over IPv4, by their pods. */
	async realServers({address, port}: Balanced): Promise<Readonly<Record<string, {weight: number; active: number}>>> {
		const node = this.served.topology.node('n1')
		const {stdout} = await this.served.topology.exec(node, 'ipvsadm', ['-Ln', '-t', `${address}:${port}`])
		const rows = [...stdout.matchAll(/-> (\S+):\d+ +\S+ +(\d+) +(\d+)/g)].map(([, server, weight, active]) => [
			this.pods.find(({addresses}) => addresses.ipv4 === server)?.name ?? server,
			{weight: Number(weight), active: Number(active)},
		])
		return Object.fromEntries(rows)
	}

	async destroy(): Promise<void> {
		await this.served.destroy()
	}
}

const weightsOf = (pods: readonly EndpointHost[], weights: readonly number[]): string =>
	pods
		.flatMap(({addresses}, at) => [addresses.ipv4, addresses.ipv6].map(address => `${address} ${weights[at] ?? 1}`))
		.join(', ')
