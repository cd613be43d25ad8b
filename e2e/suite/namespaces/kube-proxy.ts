import {systemClock} from '../../../src/clock.ts'
import {IptablesClient} from '../../../src/kernel/iptables/client.ts'
import {openSystemDoors} from '../../../src/kernel/system-doors.ts'
import {caseNamed, readCases} from '../../../test/golden/golden-case.ts'
import {stateScript} from '../../../test/golden/state-script.ts'
import type {Node} from '../../topology/hosts.ts'
import type {Topology} from '../../topology/topology.ts'
import type {ClusterPod} from '../cluster.ts'

/**
 * What kube-proxy in the ipvs mode made of the first Service of a cluster, of type LoadBalancer with a node port, on a
 * node that has the first of its two endpoints.
 */
const RECORDED = caseNamed(readCases(), 'E7-masquerade-bit-17')
const RECORDED_NODE = {ipv4: '192.0.2.10', ipv6: '2001:db8::10'}
const RECORDED_PODS = [
	{ipv4: '10.244.1.5', ipv6: 'fd00:244:0:1::5'},
	{ipv4: '10.244.2.5', ipv6: 'fd00:244:0:2::5'},
]

/** The settings that it had. */
export const KUBE_PROXY_CONFIG = RECORDED.objects.replace(/[^/]*$/, 'config.yaml')

/** Leaves each node as kube-proxy leaves it, with these two pods as endpoints, one on each node. */
export const serveAsKubeProxy = async (topology: Topology, pods: readonly ClusterPod[]): Promise<void> => {
	const doors = openSystemDoors(systemClock)
	const variant = await new IptablesClient(doors).variant()
	doors.netlink.close()
	for (const node of topology.nodes) {
		const here = pods.toSorted((a, b) => Number(b.node === node.name) - Number(a.node === node.name))
		const lines = RECORDED.state.map(line => withAddresses(line, node, here))
		const input = `echo 1 >/proc/sys/net/ipv4/vs/conntrack\n${stateScript(lines, variant)}`
		await topology.exec(node, 'sh', ['-e'], {input})
	}
}

/** A recorded line with the addresses of this node and of these pods. */
const withAddresses = (line: string, node: Node, pods: readonly ClusterPod[]): string => {
	const [from, to] = [
		[RECORDED_NODE, ...RECORDED_PODS].flatMap(({ipv4, ipv6}) => [ipv4, ipv6]),
		[node, ...pods].flatMap(({addresses}) => [addresses.ipv4, addresses.ipv6]),
	]
	const anyOf = new RegExp(`(?<![\\w.:])(${from.map(RegExp.escape).join('|')})(?![\\d.])`, 'g')
	return line.replace(anyOf, found => to[from.indexOf(found)] ?? found)
}
