import type {Family, Host, Node} from './hosts.ts'
import type {Topology} from './topology.ts'

/** Two networks whose every address is one of a client host, and which a node reaches by way of it. */
export const CLIENT_NETWORKS = {ipv4: '198.18.0.0/15', ipv6: '2001:db8:c000::/40'} as const

/** Makes a host thousands of clients: it may use any address of these networks as a source. */
export const giveClientNetworks = async (topology: Topology, host: Host, node: Node): Promise<void> => {
	const {ipv4, ipv6} = CLIENT_NETWORKS
	await topology.exec(host, 'sh', [
		'-ec',
		`for family in ipv4 ipv6; do echo 1 >/proc/sys/net/$family/ip_nonlocal_bind; done
		ip route add local ${ipv4} dev lo
		ip route add local ${ipv6} dev lo`,
	])
	const routes = [`route add ${ipv4} via ${host.addresses.ipv4}`, `route add ${ipv6} via ${host.addresses.ipv6}`]
	await topology.exec(node, 'ip', ['-batch', '-'], {input: routes.join('\n')})
}

/** An address of a client: `network` (up to 511) numbers /24 or /64 networks, `host` (up to 254) addresses in them. */
export const clientAddress = (family: Family, network: number, host: number): string =>
	family === 'ipv4'
		? `198.${18 + Math.floor(network / 256)}.${network % 256}.${host}`
		: `2001:db8:c000:${network.toString(16)}::${host.toString(16)}`
