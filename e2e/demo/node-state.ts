import {LIST_ROUTES} from '../scenario/routes.ts'
import type {Node} from '../topology/hosts.ts'
import type {Topology} from '../topology/topology.ts'

/** What a service proxy could leave behind on a node, by kind, as the system's own programs list it. */
export type NodeState = ReadonlyMap<string, readonly string[]>

/**
 * Rules of both variants of iptables. Tables and their built-in chains come into being when someone asks for them, and
 * stay; the chains that somebody has made are those without a policy. Addresses of fe80::/10, which the kernel itself gives
 * an interface, come some time after that is up.
 */
const SCRIPT = `
echo '# virtual servers'; ipvsadm -Sn
echo '# devices'; ip -brief link
echo '# addresses'; ip -brief addr | sed -E 's/ +fe80::[^ ]+//g'
echo '# routes'; ${LIST_ROUTES}
echo '# sets'; ipset list -name
echo '# rules'
for program in iptables-legacy-save ip6tables-legacy-save iptables-nft-save ip6tables-nft-save; do
	$program 2>/dev/null | sed -n -e "s/^-A/$program -A/p" -e "s/^:\\([^ ]*\\) - .*/$program -N \\1/p"
done`

export const readNodeState = async (topology: Topology, node: Node): Promise<NodeState> => {
	const {stdout} = await topology.exec(node, 'sh', ['-c', SCRIPT])
	const state = new Map<string, string[]>()
	let lines: string[] = []
	for (const line of stdout.split('\n')) {
		if (line.startsWith('# ')) {
			lines = []
			state.set(line.slice(2), lines)
		} else {
			lines.push(line.trimEnd())
		}
	}
	return state
}

/** One line for each difference, with its sign: `+` for what is there now only. */
export const differences = (before: NodeState, after: NodeState): readonly string[] =>
	[...before.keys()].flatMap(kind => {
		const [old = [], now = []] = [before.get(kind), after.get(kind)]
		return [
			...old.filter(line => !now.includes(line)).map(line => `- ${kind}: ${line}`),
			...now.filter(line => !old.includes(line)).map(line => `+ ${kind}: ${line}`),
		]
	})

/** How many there are of a kind; a virtual server of `ipvsadm -S` is a line that begins with -A. */
export const countOf = (state: NodeState, kind: string): number => {
	const lines = state.get(kind) ?? []
	return kind === 'virtual servers' ? lines.filter(line => line.startsWith('-A')).length : lines.length
}
