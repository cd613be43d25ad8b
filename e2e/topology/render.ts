/**
 * Shell scripts that build hosts. In a kernel where each process costs 30-50 ms, the lines of one namespace go through
 * one `ip -batch`, and links are created with both ends where they belong.
 *
 * Link-local IPv6 addresses are given by hand without duplicate address detection: the kernel asks for a neighbour only
 * with one that is settled, and detection would take a second or two.
 */
import type {Addresses, Host, Node, Pod} from './hosts.ts'
import {FABRIC, SERVICE_CIDRS} from './numbering.ts'

export const fabricNamespace = (topology: string): string => `${topology}-fabric`

export const renderFabric = (topology: string): string =>
	script(
		batch([`netns add ${fabricNamespace(topology)}`]),
		batch(
			[
				'link set lo up',
				'link add outside type bridge',
				...renderInterface('outside', withLengths(FABRIC.bridge, FABRIC.lengths)),
			],
			fabricNamespace(topology),
		),
	)

/**
 * Given, because a bridge otherwise takes the lowest of its ports', another one when that pod goes: then all pods of the
 * node send their packets to nobody until they ask anew who their gateway is.
 */
const POD_BRIDGE_MAC = '02:00:00:00:00:01'

export const renderNode = (topology: string, node: Node, others: readonly Node[]): string =>
	script(
		renderOnFabric(topology, node, [
			`link add cni0 address ${POD_BRIDGE_MAC} type bridge`,
			...renderInterface('cni0', withLengths(node.podGateway, {ipv4: 24, ipv6: 64})),
			...renderDefaultRoutes(FABRIC.bridge),
			...others.flatMap(other => renderRoutes(Object.values(other.podCidrs), other.addresses)),
		]),
		`ip netns exec ${node.namespace} sh -c 'for file in ${NODE_SWITCHES.join(' ')}; do echo 1 >/proc/sys/net/$file; done'`,
	)

/**
 * As on a Kubernetes node: it forwards, and what its bridge carries passes through iptables. IPVS is set as `kube-lvs
 * doctor --prepare` sets it: a container without privileges cannot.
 */
const NODE_SWITCHES = [
	'ipv4/vs/conntrack',
	'ipv4/vs/expire_nodest_conn',
	'ipv4/vs/expire_quiescent_template',
	'ipv4/ip_forward',
	'ipv6/conf/all/forwarding',
	'bridge/bridge-nf-call-iptables',
	'bridge/bridge-nf-call-ip6tables',
]

/** No routes to pods: an answer that leaves the cluster with a pod's address gets lost, or is not recognised. */
export const renderClient = (topology: string, client: Host, firstNode: Node | undefined): string =>
	renderOnFabric(topology, client, firstNode ? renderRoutes(SERVICE_CIDRS, firstNode.addresses) : [])

export const renderPod = (pod: Pod, node: Node): string =>
	script(
		batch([
			`netns add ${pod.namespace}`,
			`link add eth0 netns ${pod.namespace} type veth peer name ${podPort(pod)} netns ${node.namespace}`,
		]),
		batch(
			[
				'link set lo up',
				...renderInterface('eth0', withLengths(pod.addresses, {ipv4: 24, ipv6: 64})),
				...renderDefaultRoutes(node.podGateway),
			],
			pod.namespace,
		),
		batch(
			[
				`link set ${podPort(pod)} master cni0 addrgenmode none up`,
				`link set ${podPort(pod)} type bridge_slave hairpin on`,
			],
			node.namespace,
		),
	)

/** The pod's end of the wire in the node's namespace. */
export const podPort = (pod: Pod): string => `veth-${pod.name}`

const renderOnFabric = (topology: string, host: Host, lines: readonly string[]): string => {
	const fabric = fabricNamespace(topology)
	const port = `veth-${host.name}`
	return script(
		batch([
			`netns add ${host.namespace}`,
			`link add eth0 netns ${host.namespace} type veth peer name ${port} netns ${fabric}`,
		]),
		batch([`link set ${port} master outside addrgenmode none up`], fabric),
		batch(
			['link set lo up', ...renderInterface('eth0', withLengths(host.addresses, FABRIC.lengths)), ...lines],
			host.namespace,
		),
	)
}

const renderInterface = (device: string, {ipv4, ipv6}: Addresses): readonly string[] => [
	`link set ${device} addrgenmode none up`,
	`addr add ${ipv4} dev ${device}`,
	`addr add ${ipv6} dev ${device} nodad`,
	`addr add fe80::${linkLocalSuffix(ipv6)}/64 dev ${device} nodad`,
]

/** Unique on its link: the last two groups of the global address. */
const linkLocalSuffix = (address: string): string => (address.split('/')[0] as string).split(':').slice(-1).join(':')

const renderRoutes = (cidrs: readonly string[], via: Addresses): readonly string[] =>
	cidrs.map(cidr => `route add ${cidr} via ${cidr.includes(':') ? via.ipv6 : via.ipv4}`)

const renderDefaultRoutes = (via: Addresses): readonly string[] => renderRoutes(['0.0.0.0/0', '::/0'], via)

const withLengths = ({ipv4, ipv6}: Addresses, lengths: {readonly ipv4: number; readonly ipv6: number}): Addresses => ({
	ipv4: `${ipv4}/${lengths.ipv4}`,
	ipv6: `${ipv6}/${lengths.ipv6}`,
})

const batch = (lines: readonly string[], namespace?: string): string =>
	[`ip ${namespace ? `-n ${namespace} ` : ''}-batch - <<'END'`, ...lines, 'END'].join('\n')

const script = (...parts: readonly string[]): string => parts.join('\n')
