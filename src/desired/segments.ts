import type {Family} from '../net/address.ts'
import {setName} from '../state/ipset.ts'
import type {Rule} from '../state/iptables.ts'
import type {NodeFacts} from '../state/node-facts.ts'

/** The headers of a packet of TCP, without options: those are counted by whoever sends them. */
const INNER = {ipv4: 20 + 20, ipv6: 40 + 20} as const satisfies Record<Family, number>

/** What a tunnel adds at most: IP, UDP, and GUE with remote checksum offload (linux/net/gue.h). */
const OUTER = {ipv4: 20 + 8 + 12, ipv6: 40 + 8 + 12} as const satisfies Record<Family, number>

/** What every path carries that IPv6 may take. */
const LEAST_MTU = 1280

/**
 * How long the segments are that a client may send to a VIP which is served by tunnels: with the tunnel's headers they
 * have to fit into a packet, or else each client depends on ICMP that may be filtered. The endpoint's answer says it,
 * which passes the node of the endpoint, so that every node has the rule. Shorter ones are left as they are by the kernel.
 */
export const segmentRules = (family: Family, {smallestMTU}: Pick<NodeFacts, 'smallestMTU'>): readonly Rule[] => {
	if (smallestMTU === undefined) {
		return []
	}
	const segment = Math.max(smallestMTU, LEAST_MTU) - INNER[family] - OUTER[family]
	const answers = `-p tcp -m set --match-set ${setName('LVS-TUNNEL', family)} src`
	return [`${answers} -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss ${segment}`]
}
