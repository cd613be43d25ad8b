import {expect} from 'chai'
import {Load, type LoadResult} from '../topology/load.ts'
import {takeSourcePorts} from '../topology/source-ports.ts'
import type {Cluster, ClusterPod} from './cluster.ts'
import {until} from './until.ts'
import {originsOf, webTargets} from './web.ts'

/** For each target of a load. */
const SOURCE_PORTS = 50

/** Constant load on all addresses of `web`, from a pod, from its node and from outside. */
export class Loads {
	readonly #loads: readonly Load[]

	private constructor(loads: readonly Load[]) {
		this.#loads = loads
	}

	/** Resolves when each of these pods has answered. */
	static async start(cluster: Cluster, pods: readonly ClusterPod[]): Promise<Loads> {
		const targets = await webTargets(cluster)
		const origins = await originsOf(cluster)
		const starting = (['a pod', 'a node', 'outside'] as const).map(origin => {
			const sourcePorts = {first: takeSourcePorts(targets.length * SOURCE_PORTS), count: SOURCE_PORTS}
			return Load.startAt(cluster.at(origins[origin]), {targets, interval: 15, long: targets.length, sourcePorts})
		})
		const loads = new Loads(await Promise.all(starting))
		await loads.untilAnsweredBy(pods)
		return loads
	}

	async untilAnsweredBy(pods: readonly ClusterPod[]): Promise<void> {
		let looks: readonly LoadResult[] = []
		await until(
			`answers of ${pods.map(({name}) => name)}`,
			() => JSON.stringify(looks),
			async () => {
				looks = await Promise.all(this.#loads.map(load => load.look()))
				const answered = new Set(looks.flatMap(({pods}) => Object.keys(pods)))
				return pods.every(({name}) => answered.has(name))
			},
		)
	}

	/** Each load has so many answers more than now. */
	async untilAnswered(requests: number): Promise<void> {
		const before = await Promise.all(this.#loads.map(load => load.look()))
		await until(
			`${requests} answers`,
			() => '',
			async () => {
				const now = await Promise.all(this.#loads.map(load => load.look()))
				return now.every((look, at) => look.requests - (before[at]?.requests ?? 0) >= requests)
			},
		)
	}

	/** Ends them. No request was lost, and no connection to a server that serves. */
	async expectNothingLost(): Promise<readonly LoadResult[]> {
		const results = await Promise.all(this.#loads.map(load => load.stop()))
		for (const {failed, longLost, slow, failures} of results) {
			expect({failed, longLost}, JSON.stringify(failures)).to.deep.equal({failed: 0, longLost: 0})
			expect(slow, JSON.stringify(failures)).to.be.at.most(MOST_SLOW)
		}
		return results
	}

	/** Besides, none ended, not even in good order. */
	async expectNothingEnded(): Promise<void> {
		const results = await this.expectNothingLost()
		expect(results.map(({longEnded}) => longEnded)).to.deep.equal(results.map(() => 0))
	}
}

/** Answers of a load after a packet was sent again, because it waited for a busy machine. A gap in the service delays more. */
const MOST_SLOW = 2
