import {startEcho} from '../topology/echo.ts'
import {createTopology, type Topology} from '../topology/topology.ts'
import {KubeLvs} from './kube-lvs.ts'
import {ObjectsFolder} from './objects-folder.ts'

/** Pods echo on this port. */
export const ECHO_PORT = 8080

/** For a node: many refusals in a row are more than the kernel would say to one client, which then waits for seconds. */
export const NO_RATE_LIMIT = 'cd /proc/sys/net; echo 0 >ipv4/icmp_ratelimit; echo 0 >ipv6/icmp/ratelimit'

/** One node with three pods that echo, an outside client, a folder of objects, and kube-lvs that serves it. */
export interface ServedTopology {
	readonly topology: Topology
	readonly objects: ObjectsFolder
	readonly kubeLvs: KubeLvs
	readonly destroy: () => Promise<void>
}

export const createServedTopology = async (name: string, ...args: readonly string[]): Promise<ServedTopology> => {
	const topology = await createTopology({
		name,
		nodes: [{name: 'n1', pods: ['a', 'b', 'c']}],
		clients: ['outside'],
	})
	const node = topology.node('n1')
	await Promise.all([
		...topology.pods.map(pod => startEcho(topology, pod, {ports: [ECHO_PORT]})),
		topology.exec(node, 'sh', ['-c', NO_RATE_LIMIT]),
	])
	const objects = await ObjectsFolder.create()
	const podNetworks = '10.244.0.0/16,fd00:244::/56'
	const kubeLvs = new KubeLvs(topology, node, ['--source', objects.path, '--cluster-cidr', podNetworks, ...args])
	const destroy = async () => {
		await kubeLvs.stop('SIGKILL')
		await topology.destroy()
		await objects.remove()
	}
	return {topology, objects, kubeLvs, destroy}
}
