import {KubeLvs, type LogLine} from '../scenario/kube-lvs.ts'
import type {Connection} from '../topology/connection.ts'
import {startEcho} from '../topology/echo.ts'
import type {Node} from '../topology/hosts.ts'
import {createTopology, type Topology} from '../topology/topology.ts'
import {Asker} from './asker.ts'
import type {Manifests, Vip} from './manifests.ts'
import {type NodeState, readNodeState} from './node-state.ts'

/** Pods answer TCP and HTTP on the one, UDP on the other. */
export const POD_PORTS = [8080, 5353]

/**
 * The networks of pods; node ports on the addresses that the outside knows, not on the bridge of the pods; and no limit of
 * tracked connections, which only a machine's own network namespace can set.
 */
export const SETTINGS: readonly string[] = [
	...['--cluster-cidr', '10.244.0.0/16,fd00:244::/56'],
	...['--node-port-addresses', '192.0.2.0/24,2001:db8::/64'],
	...['--conntrack-max-per-core', '0'],
]

/** Where the demo plays: a node with three pods, a client outside, the YAML, and kube-lvs, which does not run yet. */
export interface Stage {
	readonly topology: Topology
	readonly node: Node
	readonly manifests: Manifests
	readonly vips: readonly Vip[]
	readonly kubeLvs: KubeLvs
	readonly askers: readonly Asker[]
	/** Of the node, before kube-lvs has ever run. */
	readonly before: NodeState
}

/** A connection that is kept open through everything, and the pod that it leads to. */
export interface LongLived {
	readonly connection: Connection
	readonly pod: string
	readonly vip: Vip
}

export const createStage = async (topology: Topology, manifests: Manifests): Promise<Stage> => {
	await Promise.all(topology.pods.map(pod => startEcho(topology, pod, {ports: POD_PORTS})))
	const node = topology.node('n1')
	return {
		topology,
		node,
		manifests,
		vips: await manifests.vips(),
		// Without a cluster kube-lvs is root on the node, and makes all kernel settings itself.
		kubeLvs: new KubeLvs(topology, node, ['--source', manifests.path, ...SETTINGS], {container: 'none'}),
		askers: [
			new Asker(topology, 'pod b', topology.pod('b')),
			new Asker(topology, 'node n1', node),
			new Asker(topology, 'outside', topology.client('outside')),
		],
		before: await readNodeState(topology, node),
	}
}

export const buildTopology = (): Promise<Topology> =>
	createTopology({name: 'demo', nodes: [{name: 'n1', pods: ['a', 'b', 'c']}], clients: ['outside']})

/** A line of the log for people: its message, the totals, and how many changes of each kind. */
export const formatLog = ({level, msg, ...fields}: LogLine): string => {
	const {services, changed, operations, failures, milliseconds, ...kinds} = fields
	if (operations === undefined) return `[${level}] ${msg}`
	const told = Object.entries(kinds).filter(([, value]) => typeof value === 'number')
	const counts = told.map(([kind, count]) => `${kind} ${count}`).join(', ')
	const totals = `${services} services, ${operations} operations, ${failures} failures, ${milliseconds} ms`
	return [`${msg}: ${totals}`, ...(counts ? [`       ${counts}`] : [])].join('\n')
}
