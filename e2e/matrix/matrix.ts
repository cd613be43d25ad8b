import type {ObjectsFolder} from '../scenario/objects-folder.ts'
import {type ProbeResult, TRANSPORTS, type Transport} from '../topology/answer.ts'
import {FAMILIES, type Family, type Host, type Node} from '../topology/hosts.ts'
import {type ManyTarget, probeMany} from '../topology/probe-many.ts'
import type {Topology} from '../topology/topology.ts'
import type {ExpectedRow} from './expected.ts'
import {outcomeOf} from './outcome.ts'
import {type MatrixService, matrixService, type Surroundings} from './services.ts'
import {isSilent, NEVER, ORIGINS, type Origin} from './words.ts'

/** Over which protocol and family. */
export interface Way {
	readonly family: Family
	readonly protocol: Transport
}

export interface Measured {
	readonly row: ExpectedRow
	readonly origin: Origin
	readonly way: Way
	readonly outcome: string
	readonly results: readonly ProbeResult[]
}

/** Enough to see that turns are taken between two endpoints, and that affinity takes none. */
const COUNT = 3

/** All rows as Services that are served on one node. */
export class Matrix {
	readonly #topology: Topology
	readonly #services = new Map<string, MatrixService>()

	/** Needs the nodes n1 (which serves) and n2, the pods a and c on n1, b and d on n2, and the client `outside`. */
	constructor(topology: Topology, rows: readonly ExpectedRow[]) {
		this.#topology = topology
		const [a, b] = [topology.pod('a'), topology.pod('b')]
		const around: Surroundings = {
			node: topology.node('n1'),
			outside: topology.client('outside'),
			endpoints: {both: [a, b], other: [b], none: []},
		}
		for (const {policy, endpoints: place} of rows) {
			const key = `${policy} ${place}`
			if (!this.#services.has(key)) {
				this.#services.set(key, matrixService({policy, place}, this.#services.size, around))
			}
		}
	}

	async apply(objects: ObjectsFolder): Promise<void> {
		for (const service of this.#services.values()) {
			await objects.apply(...service.objects)
		}
	}

	/** Asks for every cell, from one origin after the other, so that turns of the scheduler are not mixed up. */
	async measure(
		rows: readonly ExpectedRow[],
		protocols: readonly Transport[] = TRANSPORTS,
	): Promise<readonly Measured[]> {
		const measured: Measured[] = []
		for (const origin of ORIGINS) {
			measured.push(...(await this.#measureFrom(origin, rows, protocols)))
		}
		return measured
	}

	async #measureFrom(
		origin: Origin,
		rows: readonly ExpectedRow[],
		protocols: readonly Transport[],
	): Promise<readonly Measured[]> {
		const ways: readonly Way[] = protocols.flatMap(protocol => FAMILIES.map(family => ({family, protocol})))
		const {asker, isBound} = this.#askerOf(origin)
		const cells = rows.filter(({cells}) => cells[origin] !== NEVER).flatMap(row => ways.map(way => ({row, way})))
		const targets = cells.map(({row, way: {family, protocol}}): ManyTarget => {
			const {[family]: address, port} = this.#serviceOf(row).targets[row.address]
			const count = isSilent(row.cells[origin]) ? 1 : COUNT
			return {protocol, address, port, count, source: isBound ? asker.addresses[family] : undefined}
		})
		const results = await probeMany(this.#topology, asker, targets)
		return cells.map(({row, way}, at) => {
			const question = {asker, node: this.#node, endpoints: this.#serviceOf(row).endpoints, policy: row.policy}
			const answers = results[at] ?? []
			return {row, origin, way, outcome: outcomeOf(question, answers), results: answers}
		})
	}

	get #node(): Node {
		return this.#topology.node('n1')
	}

	#serviceOf({policy, endpoints}: ExpectedRow): MatrixService {
		return this.#services.get(`${policy} ${endpoints}`) as MatrixService
	}

	#askerOf(origin: Origin): {readonly asker: Host; readonly isBound: boolean} {
		const topology = this.#topology
		const askers = {
			pod: topology.pod('c'),
			endpoint: topology.pod('a'),
			node: this.#node,
			'node address': this.#node,
			'other pod': topology.pod('d'),
			'other node': topology.node('n2'),
			outside: topology.client('outside'),
		} as const satisfies Record<Origin, Host>
		return {asker: askers[origin], isBound: origin === 'node address'}
	}
}
