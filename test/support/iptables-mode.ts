import type {Family} from '../../src/net/address.ts'

/** One port of a Service as kube-proxy's iptables mode sees it. */
export interface RuledPort {
	/** `namespace/name:port`. */
	readonly name: string
	/** 16 letters A to Z and digits 2 to 7. */
	readonly hash: string
	readonly clusterIP: string
	readonly port: number
	readonly nodePort?: number
	readonly externalIPs?: readonly string[]
	/** `address:port` of each endpoint. */
	readonly endpoints: readonly string[]
}

/**
 * The rules that kube-proxy's iptables mode leaves on a node (kube-proxy iptables/proxier.go of 1.36), as iptables-save
 * writes them, for `iptables-restore --noflush`.
 */
export const iptablesModeRules = (family: Family, podNetwork: string, ports: readonly RuledPort[]): string => {
	const services = ports.flatMap(port => rulesOf(port, family === 'ipv4' ? 32 : 128, podNetwork))
	const chains = new Set(services.flatMap(rule => /^-A (KUBE-(?:SVC|EXT|SEP)-\S+)/.exec(rule)?.[1] ?? []))
	const declared = (...names: readonly string[]) => names.map(name => `:${name} - [0:0]`)
	return [
		'*mangle',
		...declared('KUBE-PROXY-CANARY'),
		'COMMIT',
		'*nat',
		...declared(
			'KUBE-PROXY-CANARY',
			'KUBE-SERVICES',
			'KUBE-NODEPORTS',
			'KUBE-POSTROUTING',
			'KUBE-MARK-MASQ',
			...chains,
		),
		...NAT_JUMPS,
		...services,
		`-A KUBE-SERVICES ${comment('kubernetes service nodeports; NOTE: this must be the last rule in this chain')} -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS`,
		'-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN',
		'-A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0',
		`-A KUBE-POSTROUTING ${comment('kubernetes service traffic requiring SNAT')} -j MASQUERADE --random-fully`,
		'-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000',
		'COMMIT',
		'*filter',
		...declared('KUBE-PROXY-CANARY', 'KUBE-SERVICES', 'KUBE-EXTERNAL-SERVICES', 'KUBE-NODEPORTS', 'KUBE-FORWARD'),
		...declared('KUBE-PROXY-FIREWALL'),
		...FILTER_JUMPS,
		'-A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP',
		`-A KUBE-FORWARD ${comment('kubernetes forwarding rules')} -m mark --mark 0x4000/0x4000 -j ACCEPT`,
		`-A KUBE-FORWARD ${comment('kubernetes forwarding conntrack rule')} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`,
		'COMMIT',
		'',
	].join('\n')
}

const comment = (text: string): string => `-m comment --comment "${text}"`

const NEW = '-m conntrack --ctstate NEW'

const NAT_JUMPS = [
	`-A PREROUTING ${comment('kubernetes service portals')} -j KUBE-SERVICES`,
	`-A OUTPUT ${comment('kubernetes service portals')} -j KUBE-SERVICES`,
	`-A POSTROUTING ${comment('kubernetes postrouting rules')} -j KUBE-POSTROUTING`,
]

const FILTER_JUMPS = [
	`-A INPUT ${NEW} ${comment('kubernetes load balancer firewall')} -j KUBE-PROXY-FIREWALL`,
	`-A INPUT ${comment('kubernetes health check service ports')} -j KUBE-NODEPORTS`,
	`-A INPUT ${NEW} ${comment('kubernetes externally-visible service portals')} -j KUBE-EXTERNAL-SERVICES`,
	`-A FORWARD ${NEW} ${comment('kubernetes load balancer firewall')} -j KUBE-PROXY-FIREWALL`,
	`-A FORWARD ${comment('kubernetes forwarding rules')} -j KUBE-FORWARD`,
	`-A FORWARD ${NEW} ${comment('kubernetes service portals')} -j KUBE-SERVICES`,
	`-A FORWARD ${NEW} ${comment('kubernetes externally-visible service portals')} -j KUBE-EXTERNAL-SERVICES`,
	`-A OUTPUT ${NEW} ${comment('kubernetes load balancer firewall')} -j KUBE-PROXY-FIREWALL`,
	`-A OUTPUT ${NEW} ${comment('kubernetes service portals')} -j KUBE-SERVICES`,
]

const rulesOf = (
	{name, hash, clusterIP, port, nodePort, externalIPs = [], endpoints}: RuledPort,
	length: number,
	podNetwork: string,
): readonly string[] => {
	const to = (address: string, kind: string) =>
		`-d ${address}/${length} -p tcp ${comment(`${name} ${kind}`)} -m tcp --dport ${port}`
	const isExternal = nodePort !== undefined || externalIPs.length > 0
	const external = [
		`-A KUBE-EXT-${hash} ${comment(`masquerade traffic for ${name} external destinations`)} -j KUBE-MARK-MASQ`,
		`-A KUBE-EXT-${hash} -j KUBE-SVC-${hash}`,
	]
	return [
		`-A KUBE-SERVICES ${to(clusterIP, 'cluster IP')} -j KUBE-SVC-${hash}`,
		...externalIPs.map(address => `-A KUBE-SERVICES ${to(address, 'external IP')} -j KUBE-EXT-${hash}`),
		...(nodePort ? [`-A KUBE-NODEPORTS -p tcp ${comment(name)} -m tcp --dport ${nodePort} -j KUBE-EXT-${hash}`] : []),
		...(isExternal ? external : []),
		`-A KUBE-SVC-${hash} ! -s ${podNetwork} ${to(clusterIP, 'cluster IP')} -j KUBE-MARK-MASQ`,
		...endpoints.flatMap((endpoint, at) => {
			const chain = `KUBE-SEP-${hash.slice(0, -1)}${'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[at]}`
			const left = endpoints.length - at
			const share = left > 1 ? ` -m statistic --mode random --probability ${(1 / left).toFixed(11)}` : ''
			const address = endpoint.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')
			return [
				`-A KUBE-SVC-${hash} ${comment(`${name} -> ${endpoint}`)}${share} -j ${chain}`,
				`-A ${chain} -s ${address}/${length} ${comment(name)} -j KUBE-MARK-MASQ`,
				`-A ${chain} -p tcp ${comment(name)} -m tcp -j DNAT --to-destination ${endpoint}`,
			]
		}),
	]
}
