import type {Node} from '../topology/hosts.ts'
import type {Place} from '../topology/place.ts'
import type {Topology} from '../topology/topology.ts'
import {LIST_ROUTES} from './routes.ts'

/** All sets, without what differs from kernel to kernel. */
export const SETS = `ipset save | sed -E 's/ initval 0x[0-9a-f]+//; s/ (hashsize|bucketsize) [0-9]+//g'`

/** Everything that a service proxy may change, as the system's own tools show it. */
const SCRIPT = `
	if command -v ipvsadm >/dev/null; then ipvsadm -Sn; ipvsadm -L --timeout; fi
	(cd /proc/sys/net && grep -H . ipv4/ip_forward ipv4/vs/*con* ipv4/vs/expire* netfilter/nf_conntrack_*timeout*)
	ip -o addr show dev kube-ipvs0 2>/dev/null | sed -E 's/^[0-9]+: //; s/ +valid_lft.*//; s/\\\\\\\\.*//'
	ip route show table local dev kube-ipvs0 2>/dev/null
	ip -6 route show table local dev kube-ipvs0 2>/dev/null
	if command -v ipset >/dev/null; then ${SETS}; fi
	for tables in iptables-legacy ip6tables-legacy iptables-nft ip6tables-nft; do
		"$tables-save" 2>/dev/null
	done | sed -E '/^#/d; s/\\[[0-9]+:[0-9]+\\]//'
`

/** The lines of it, sorted but for those of iptables, whose order counts. */
export const readNodeState = (topology: Topology, node: Node): Promise<readonly string[]> =>
	readStateAt(topology.at(node))

/** The same of any node; without what it lacks the programs for: ipvsadm, ipset. */
export const readStateAt = async (node: Place): Promise<readonly string[]> => {
	const {stdout} = await node.exec('sh', ['-c', SCRIPT])
	const lines = stdout.split('\n').map(line => line.trim())
	const rules = lines.findIndex(line => line.startsWith('*'))
	return rules < 0 ? lines.sort() : [...lines.slice(0, rules).sort(), ...withoutEmptyTables(lines.slice(rules))]
}

const AROUND_SCRIPT = `
	ip -o addr | sed -E 's/^[0-9]+: //; s/ +valid_lft.*//'
	ip rule; ip -6 rule
	${LIST_ROUTES}
	cd /proc/sys/net
	grep -rH . ipv4/vs ipv4/conf/all ipv6/conf/all netfilter ipv4/ip_forward | grep -v nf_conntrack_count
	grep -H . /sys/module/nf_conntrack/parameters/hashsize
`

/** All addresses, rules for routing, routes, and settings of the network, but for those of pods, which come and go. */
export const readSurroundings = async (topology: Topology, node: Node): Promise<readonly string[]> => {
	const {stdout} = await topology.exec(node, 'sh', ['-c', AROUND_SCRIPT], {reject: false})
	return stdout
		.split('\n')
		.filter(line => !line.includes('veth-'))
		.sort()
}

/** A table of iptables comes into being when somebody asks for it, and stays. */
const withoutEmptyTables = (lines: readonly string[]): readonly string[] => {
	const ends = lines.flatMap((line, at) => (line === 'COMMIT' ? at + 1 : []))
	const tables = ends.map((end, at) => lines.slice(ends[at - 1] ?? 0, end))
	return tables.filter(table => !table.every(line => /^\*|^:\S+ ACCEPT$|^COMMIT$/.test(line))).flat()
}
