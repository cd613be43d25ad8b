import {FAMILIES} from '../../../src/net/address.ts'
import type {FakeIptables} from './fake-iptables.ts'
import type {FakeIpvs} from './fake-ipvs.ts'
import type {FakeKernel} from './fake-kernel.ts'
import type {FakeLinks} from './fake-links.ts'

/**
 * The state of a fake kernel as lines, sorted where the order means nothing:
 *
 *     address 10.96.0.10 on kube-ipvs0
 *     route 10.96.0.11 through kube-ipvs0
 *     steering ipv4 from all fwmark 0xf00000/0xfff00000 lookup 7676 by 76
 *     server tcp 10.96.0.10:80 rr
 *     server tcp 10.96.0.10:80 -> 10.244.1.5:8080 masquerade 1
 *     set KUBE-CLUSTER-IP hash:ip,port 65536
 *     set KUBE-CLUSTER-IP 10.96.0.10,tcp:80
 *     rule ipv4 nat KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000
 *     flow udp 10.96.0.10 53 -> 10.244.1.5 53
 *     file /proc/sys/net/ipv4/ip_forward 1
 */
export const dumpLines = ({ipvs, links, policy, ipset, iptables, conntrack, files}: FakeKernel): readonly string[] => [
	...linkLines(links),
	...policy
		.lines()
		.map(line => `steering ${line}`)
		.sort(),
	...serverLines(ipvs),
	...[...ipset.sets]
		.flatMap(([name, {type, maxElements, hasMarks, entries}]) => [
			`set ${name} ${type} ${maxElements}${hasMarks ? ' with marks' : ''}`,
			...[...entries].map(([element, mark]) => `set ${name} ${element}${mark}`),
		])
		.sort(),
	...ruleLines(iptables),
	...conntrack.flows
		.map(flow => `flow ${flow.protocol} ${flow.vip} ${flow.vipPort} -> ${flow.realServer} ${flow.realServerPort}`)
		.sort(),
	...[...files.texts].map(([path, text]) => `file ${path} ${text.trim()}`).sort(),
]

const linkLines = (links: FakeLinks): readonly string[] =>
	links
		.all()
		.flatMap(({name, addresses, routes}) => [
			`interface ${name}`,
			...[...addresses.keys()].map(address => `address ${address} on ${name}`).sort(),
			...[...routes].map(address => `route ${address} through ${name}`).sort(),
		])

const serverLines = ({servers}: FakeIpvs): readonly string[] =>
	[...servers.values()]
		.flatMap(({server, realServers}) => {
			const {key, scheduler, flags, persistence} = server
			const stickiness = persistence && `persistent ${persistence.timeoutSeconds}/${persistence.prefixLength}`
			return [
				['server', key, scheduler, ...flags, ...(stickiness ? [stickiness] : [])].join(' '),
				...[...realServers.values()].map(
					({realServer}) => `server ${key} -> ${realServer.key} ${realServer.forwarding} ${realServer.weight}`,
				),
			]
		})
		.sort()

/** Rules keep their order; chains and tables do not have any. */
const ruleLines = (iptables: FakeIptables): readonly string[] =>
	FAMILIES.flatMap(family =>
		[...iptables.tables(family)]
			.sort(byName)
			.flatMap(([table, chains]) =>
				[...chains]
					.sort(byName)
					.flatMap(([chain, {policy, rules}]) => [
						...(policy === '-' ? [`chain ${family} ${table} ${chain}`] : []),
						...rules.map(rule => `rule ${family} ${table} ${chain} ${rule}`),
					]),
			),
	)

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1)
