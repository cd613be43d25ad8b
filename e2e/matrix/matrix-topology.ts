import {KubeLvs} from '../scenario/kube-lvs.ts'
import {nodeObject} from '../scenario/objects.ts'
import {ObjectsFolder} from '../scenario/objects-folder.ts'
import {ECHO_PORT, NO_RATE_LIMIT, type ServedTopology} from '../scenario/served-topology.ts'
import {startEcho} from '../topology/echo.ts'
import type {Node} from '../topology/hosts.ts'
import {SERVICE_CIDRS} from '../topology/numbering.ts'
import {createTopology, type Topology} from '../topology/topology.ts'

/** Two nodes with two pods each; kube-lvs serves on the first one, and the second one sends it what is for a Service. */
export const createMatrixTopology = async (name: string): Promise<ServedTopology> => {
	const topology = await createTopology({
		name,
		nodes: [
			{name: 'n1', pods: ['a', 'c']},
			{name: 'n2', pods: ['b', 'd']},
		],
		clients: ['outside'],
	})
	const [n1, n2] = [topology.node('n1'), topology.node('n2')]
	await Promise.all([
		...['a', 'b'].map(pod => startEcho(topology, topology.pod(pod), {ports: [ECHO_PORT]})),
		topology.exec(n1, 'sh', ['-c', NO_RATE_LIMIT]),
		routeServicesTo(topology, n2, n1),
	])
	const objects = await ObjectsFolder.create()
	await objects.apply(nodeObject(n1), nodeObject(n2))
	const kubeLvs = new KubeLvs(topology, n1, ['--source', objects.path])
	const destroy = async () => {
		await kubeLvs.stop('SIGKILL')
		await topology.destroy()
		await objects.remove()
	}
	return {topology, objects, kubeLvs, destroy}
}

const routeServicesTo = async (topology: Topology, from: Node, to: Node): Promise<void> => {
	const lines = SERVICE_CIDRS.map(
		cidr => `route add ${cidr} via ${cidr.includes(':') ? to.addresses.ipv6 : to.addresses.ipv4}`,
	)
	await topology.exec(from, 'ip', ['-batch', '-'], {input: lines.join('\n')})
}
