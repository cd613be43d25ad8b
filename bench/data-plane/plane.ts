import {once} from 'node:events'
import {fileURLToPath} from 'node:url'
import {compile} from '../../e2e/kernel/compile.ts'
import type {Host, Node} from '../../e2e/topology/hosts.ts'
import {createTopology, type Process, type Topology} from '../../e2e/topology/topology.ts'
import {TARGET_PORT} from '../objects.ts'
import {percentile} from '../own/statistics.ts'
import type {Round, Setting} from './result.ts'

const SERVE = fileURLToPath(new URL('serve.ts', import.meta.url))
const TRAFFIC = new URL('traffic.c', import.meta.url)

/** Another address of the client, for connections that stay. */
const HOLDER = '192.0.2.210'

/** A node with so many Services, two pods that ten of them lead to, and a client on another host. */
export class Plane {
	readonly services: number
	readonly #topology: Topology
	readonly #traffic: string
	readonly #addresses: readonly string[]
	/** Of the next source port. */
	#place = 0

	private constructor(services: number, topology: Topology, traffic: string, addresses: readonly string[]) {
		this.services = services
		this.#topology = topology
		this.#traffic = traffic
		this.#addresses = addresses
	}

	static async open(name: string, services: number): Promise<Plane> {
		const [traffic, topology] = [
			await compile(TRAFFIC),
			await createTopology({name, nodes: [{name: 'n1', pods: ['a', 'b']}], clients: ['outside']}),
		]
		for (const pod of topology.pods) {
			await ready(topology.spawn(pod, traffic, ['serve', String(TARGET_PORT)]))
		}
		const pods = topology.pods.map(({addresses}) => addresses.ipv4)
		const args = [SERVE, String(services), ...pods]
		const {stdout} = await topology.exec(topology.node('n1'), process.execPath, args)
		return new Plane(services, topology, traffic, JSON.parse(stdout.trim().split('\n').at(-1) ?? ''))
	}

	async set({conntrack, estimation}: Pick<Setting, 'conntrack' | 'estimation'>): Promise<void> {
		const settings = [`net.ipv4.vs.conntrack=${conntrack}`, `net.ipv4.vs.run_estimation=${estimation}`]
		await this.#topology.exec(this.#node, 'sysctl', ['-qw', ...settings])
	}

	/** New connections for so many milliseconds, then one that sends; 0: none does. */
	async measure(connectMs: number, sendMs: number): Promise<Round> {
		const times: readonly number[] = JSON.parse(await this.#run('connect', connectMs))
		this.#place += times.length
		const bytesPerSecond = sendMs > 0 ? Number(await this.#run('send', sendMs)) : undefined
		this.#place += 1
		return {
			connections: times.length,
			medianUs: percentile(times, 0.5),
			p99Us: percentile(times, 0.99),
			slowestUs: Math.max(...times),
			...(bytesPerSecond === undefined ? {} : {bytesPerSecond}),
		}
	}

	/** Opens so many connections and keeps them; the result ends them. */
	async hold(count: number): Promise<() => Promise<void>> {
		await this.#topology.exec(this.#client, 'ip', ['address', 'add', `${HOLDER}/24`, 'dev', 'eth0'])
		const args = ['hold', String(count), HOLDER, '0', ...this.#addresses]
		const holder = this.#topology.spawn(this.#client, this.#traffic, args)
		await ready(holder)
		return async () => {
			holder.stdin.end()
			await holder
		}
	}

	/** The rules of the node with their counters, in whichever variant they are. */
	async rules(): Promise<string> {
		const both = 'iptables-legacy-save -c; iptables-nft-save -c 2>&-'
		return (await this.#topology.exec(this.#node, 'sh', ['-c', both])).stdout
	}

	/** How many connections the node's kernel knows: /proc/net/ip_vs_conn has a line for each, below its head. */
	async connections(): Promise<number> {
		const {stdout} = await this.#topology.exec(this.#node, 'wc', ['-l', '/proc/net/ip_vs_conn'])
		return Number.parseInt(stdout, 10) - 1
	}

	async destroy(): Promise<void> {
		await this.#topology.destroy()
	}

	get #node(): Node {
		return this.#topology.node('n1')
	}

	get #client(): Host {
		return this.#topology.client('outside')
	}

	async #run(mode: string, milliseconds: number): Promise<string> {
		const args = [mode, String(milliseconds), this.#client.addresses.ipv4, String(this.#place), ...this.#addresses]
		return (await this.#topology.exec(this.#client, this.#traffic, args)).stdout
	}
}

/** It says a word when it is ready. */
const ready = async (child: Process): Promise<void> => {
	const ended = child.then(({stderr}) => Promise.reject(new Error(`traffic ended: ${stderr}`)))
	await Promise.race([once(child.stdout, 'data'), ended])
	ended.catch(() => undefined) // from here on its end is no news
}
