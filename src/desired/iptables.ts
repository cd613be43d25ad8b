import type {Config} from '../config/fields.ts'
import type {Family} from '../net/address.ts'
import type {Prefix} from '../net/prefix.ts'
import {type SetRole, setComment, setName} from '../state/ipset.ts'
import type {Chain, Jump, Rule, Ruleset} from '../state/iptables.ts'
import type {NodeFacts} from '../state/node-facts.ts'
import {groupMatch, hexOf, incomingMarks, markedChain, outgoingMarks, ownMatch} from './mark-rules.ts'
import {type PodMatches, podMatchesOf} from './pods.ts'
import {segmentRules} from './segments.ts'

/**
 * The fixed rules: chains, names and comments are kube-proxy's (kube-proxy ipvs/proxier.go), the members of the sets
 * do the rest, so that no number of Services adds a rule. kube-proxy leaves a rule out while its set is empty; here it
 * stands always, which costs nothing, because an empty set matches nothing.
 */
export const rulesetOf = (
	config: Config,
	podCIDRs: readonly Prefix[],
	family: Family,
	facts: Pick<NodeFacts, 'hasRandomFully' | 'smallestMTU'>,
): Ruleset => {
	const pods = podMatchesOf(config, podCIDRs, family)
	const chains = [
		...natChains(config, pods, family, facts),
		...filterChains(config, family),
		...mangleChains(config, pods, family),
		{table: 'mangle' as const, name: 'KUBE-LVS-FORWARD', rules: segmentRules(family, facts)},
	]
	return {family, chains, jumps: JUMPS}
}

const comment = (text: string): string => `-m comment --comment "${text.replaceAll("'", "\\'")}"`

const jump = (table: Jump['table'], parent: string, target: string, text: string): Jump => ({
	table,
	parent,
	rule: `${comment(text)} -j ${target}`,
})

const JUMPS: readonly Jump[] = [
	jump('nat', 'OUTPUT', 'KUBE-SERVICES', 'kubernetes service portals'),
	jump('nat', 'PREROUTING', 'KUBE-SERVICES', 'kubernetes service portals'),
	jump('nat', 'POSTROUTING', 'KUBE-POSTROUTING', 'kubernetes postrouting rules'),
	jump('filter', 'FORWARD', 'KUBE-FORWARD', 'kubernetes forwarding rules'),
	jump('filter', 'INPUT', 'KUBE-NODE-PORT', 'kubernetes health check rules'),
	jump('filter', 'INPUT', 'KUBE-PROXY-FIREWALL', 'kube-proxy firewall rules'),
	jump('filter', 'FORWARD', 'KUBE-PROXY-FIREWALL', 'kube-proxy firewall rules'),
	jump('filter', 'INPUT', 'KUBE-IPVS-FILTER', 'kubernetes ipvs access filter'),
	jump('filter', 'OUTPUT', 'KUBE-IPVS-OUT-FILTER', 'kubernetes ipvs access filter'),
	jump('mangle', 'PREROUTING', 'KUBE-LVS-PREROUTING', 'kube-lvs clients inside the cluster'),
	jump('mangle', 'OUTPUT', 'KUBE-LVS-OUTPUT', 'kube-lvs clients on this node'),
	jump('mangle', 'FORWARD', 'KUBE-LVS-FORWARD', 'kube-lvs answers to clients of tunnels'),
]

type SetMatcher = ReturnType<typeof matcher>

/** Words of a rule that matches a set, with the set's comment where `isCommented`. */
const matcher =
	(family: Family) =>
	(role: SetRole, directions: string, isCommented = true): string =>
		`${isCommented ? `${comment(setComment(role))} ` : ''}-m set --match-set ${setName(role, family)} ${directions}`

const natChains = (
	config: Config,
	pods: PodMatches,
	family: Family,
	{hasRandomFully}: Pick<NodeFacts, 'hasRandomFully'>,
): readonly Chain[] => {
	const set = matcher(family)
	const masquerade = `-j MASQUERADE${hasRandomFully ? ' --random-fully' : ''}`
	const mark = hexOf(2 ** config.masqueradeBit)
	const chain = (name: string, rules: readonly Rule[]): Chain => ({table: 'nat', name, rules})
	const acceptOutside = (role: SetRole): readonly Rule[] => [
		`${set(role, 'dst,dst')} -m physdev ! --physdev-is-in -m addrtype ! --src-type LOCAL -j ACCEPT`,
		`${set(role, 'dst,dst')} -m addrtype --dst-type LOCAL -j ACCEPT`,
	]
	return [
		chain('KUBE-SERVICES', [
			`-s ${family === 'ipv4' ? '127.0.0.0/8' : '::1/128'} -j RETURN`,
			// A bit for masquerading would change the mark that IPVS looks for.
			`${groupMatch(config)} -j ACCEPT`,
			`${set('LOAD-BALANCER', 'dst,dst')} -j KUBE-LOAD-BALANCER`,
			`${clusterIpMatch(set, pods, config)} -j KUBE-MARK-MASQ`,
			`${set('EXTERNAL-IP', 'dst,dst')} -j KUBE-MARK-MASQ`,
			...acceptOutside('EXTERNAL-IP'),
			...acceptOutside('EXTERNAL-IP-LOCAL'),
			// VIPs are local, too: a ClusterIP's port may have the number of a node port.
			`${set('CLUSTER-IP', 'dst,dst', false)} -j ACCEPT`,
			`${set('LOAD-BALANCER', 'dst,dst', false)} -j ACCEPT`,
			'-m addrtype --dst-type LOCAL -j KUBE-NODE-PORT',
		]),
		chain('KUBE-POSTROUTING', [
			`${set('LOOP-BACK', 'dst,dst,src')} -j MASQUERADE`,
			`${ownMatch(config)} -j KUBE-LVS-MARKED`,
			`-m mark ! --mark ${mark}/${mark} -j RETURN`,
			// Cleared, so that a second pass through the stack does not masquerade again.
			`-j MARK --set-xmark ${mark}/0x0`,
			`${comment('kubernetes service traffic requiring SNAT')} ${masquerade}`,
		]),
		chain('KUBE-NODE-PORT', nodePortRules(set)),
		chain('KUBE-LOAD-BALANCER', [`${set('LOAD-BALANCER-LOCAL', 'dst,dst')} -j RETURN`, '-j KUBE-MARK-MASQ']),
		chain('KUBE-MARK-MASQ', [`-j MARK --set-xmark ${mark}/${mark}`]),
		markedChain(config, pods, family, masquerade),
	]
}

/**
 * Which traffic to a ClusterIP is masqueraded: all that does not come from a local pod. Where local pods cannot be
 * told, only what the node itself sends, which the kernel gives the VIP as its source address.
 */
const clusterIpMatch = (set: SetMatcher, {fromPods}: PodMatches, {masqueradeAll}: Config): string => {
	if (masqueradeAll) {
		return set('CLUSTER-IP', 'dst,dst')
	}
	return fromPods === undefined ? set('CLUSTER-IP', 'src,dst') : `! ${fromPods} ${set('CLUSTER-IP', 'dst,dst')}`
}

const nodePortRules = (set: SetMatcher): readonly Rule[] => [
	`-p tcp ${set('NODE-PORT-LOCAL-TCP', 'dst')} -j RETURN`,
	`-p tcp ${set('NODE-PORT-TCP', 'dst')} -j KUBE-MARK-MASQ`,
	`-p udp ${set('NODE-PORT-LOCAL-UDP', 'dst')} -j RETURN`,
	`-p udp ${set('NODE-PORT-UDP', 'dst')} -j KUBE-MARK-MASQ`,
	`-p sctp ${set('NODE-PORT-LOCAL-SCTP-HASH', 'dst,dst')} -j RETURN`,
	`-p sctp ${set('NODE-PORT-SCTP-HASH', 'dst,dst')} -j KUBE-MARK-MASQ`,
]

const filterChains = (config: Config, family: Family): readonly Chain[] => {
	const set = matcher(family)
	const mark = hexOf(2 ** config.masqueradeBit)
	const chain = (name: string, rules: readonly Rule[]): Chain => ({table: 'filter', name, rules})
	const served: readonly SetRole[] = ['LOAD-BALANCER', 'CLUSTER-IP', 'EXTERNAL-IP', 'EXTERNAL-IP-LOCAL']
	return [
		chain('KUBE-FORWARD', [
			`${comment('kubernetes forwarding rules')} -m mark --mark ${mark}/${mark} -j ACCEPT`,
			`${comment('kubernetes forwarding conntrack rule')} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`,
			// What is served has a mark, and is delivered here: other ports would be sent back where they came from. What
			// only crosses a bridge is on its way from another node to an endpoint.
			`-m conntrack --ctstate NEW ${set('LVS-STEERED', 'dst', false)} -m physdev ! --physdev-is-bridged -j REJECT --reject-with ${REJECT_WITH[family]}`,
		]),
		chain('KUBE-NODE-PORT', [`${set('HEALTH-CHECK-NODE-PORT', 'dst')} -j ACCEPT`]),
		chain('KUBE-PROXY-FIREWALL', [`${set('LOAD-BALANCER-FW', 'dst,dst')} -j KUBE-SOURCE-RANGES-FIREWALL`]),
		chain('KUBE-SOURCE-RANGES-FIREWALL', [
			`${set('LOAD-BALANCER-SOURCE-CIDR', 'dst,dst,src')} -j RETURN`,
			`${set('LOAD-BALANCER-SOURCE-IP', 'dst,dst,src')} -j RETURN`,
			'-j DROP',
		]),
		// Whatever else is addressed to a VIP is refused: a daemon on 0.0.0.0 must not be reachable through one.
		chain('KUBE-IPVS-FILTER', [
			...served.map(role => `${set(role, 'dst,dst', false)} -j RETURN`),
			`${groupMatch(config)} -j RETURN`,
			`${set('HEALTH-CHECK-NODE-PORT', 'dst', false)} -j RETURN`,
			`-m conntrack --ctstate NEW ${set('IPVS-IPS', 'dst', false)} -j REJECT --reject-with ${REJECT_WITH[family]}`,
		]),
		// kube-proxy's place for what KUBE-LVS-SOURCE-RANGES does.
		chain('KUBE-IPVS-OUT-FILTER', []),
	]
}

/**
 * Before IPVS sees a packet: the node itself is kept from load-balancer IPs whose source ranges it is not in, whatever
 * source address it takes, and what is served by a mark gets it.
 */
const mangleChains = (config: Config, pods: PodMatches, family: Family): readonly Chain[] => {
	const set = matcher(family)
	return [
		{
			table: 'mangle',
			name: 'KUBE-LVS-PREROUTING',
			rules: incomingMarks(config, pods, family),
		},
		{
			table: 'mangle',
			name: 'KUBE-LVS-OUTPUT',
			rules: [...outgoingMarks(config, family), `${set('LOAD-BALANCER-FW', 'dst,dst')} -j KUBE-LVS-SOURCE-RANGES`],
		},
		{
			table: 'mangle',
			name: 'KUBE-LVS-SOURCE-RANGES',
			rules: [
				`${set('LOAD-BALANCER-SOURCE-IP', 'dst,dst,dst')} -j RETURN`,
				`${set('LOAD-BALANCER-SOURCE-CIDR', 'dst,dst,src')} -j RETURN`,
				'-j DROP',
			],
		},
	]
}

const REJECT_WITH = {ipv4: 'icmp-port-unreachable', ipv6: 'icmp6-port-unreachable'} as const satisfies Record<
	Family,
	string
>
