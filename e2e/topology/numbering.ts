import type {Host, Node, Pod} from './hosts.ts'

/** Addresses that services get in the tests; clients have a route to them by way of the first node. */
export const SERVICE_CIDRS = ['10.96.0.0/16', 'fd00:96::/112', '203.0.113.0/24', '2001:db8:f::/64'] as const

/** The network that nodes and clients share; its bridge stands in a namespace of its own. */
export const FABRIC = {bridge: {ipv4: '192.0.2.1', ipv6: '2001:db8::1'}, lengths: {ipv4: 24, ipv6: 64}} as const

/** n1 is 192.0.2.10 and 2001:db8::10, n2 is .20 and ::20; their pods live in 10.244.1.0/24, 10.244.2.0/24 ... */
export const numberNode = (topology: string, name: string, index: number): Node => {
	const number = index + 1
	return {
		name,
		namespace: `${topology}-${name}`,
		addresses: {ipv4: `192.0.2.${number * 10}`, ipv6: `2001:db8::${number * 10}`},
		podCidrs: {ipv4: `10.244.${number}.0/24`, ipv6: `fd00:244:0:${number}::/64`},
		podGateway: podAddresses(number, 1),
	}
}

export const numberPod = (node: Node, name: string, index: number): Pod => ({
	name,
	node: node.name,
	namespace: `${node.namespace}-${name}`,
	addresses: podAddresses(Number(node.podCidrs.ipv4.split('.')[2]), index + 2),
})

export const numberClient = (topology: string, name: string, index: number): Host => ({
	name,
	namespace: `${topology}-${name}`,
	addresses: {ipv4: `192.0.2.${200 + index}`, ipv6: `2001:db8::${200 + index}`},
})

const podAddresses = (node: number, host: number) => ({
	ipv4: `10.244.${node}.${host}`,
	ipv6: `fd00:244:0:${node}::${host}`,
})
