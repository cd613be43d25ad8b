import type {Config} from '../config/fields.ts'
import {isAtLeast, type NodeFacts} from '../state/node-facts.ts'
import type {Sysctl} from '../state/sysctl.ts'

/**
 * Kernel settings that the service proxy cannot do without (linux/Documentation/networking/ipvs-sysctl.rst), and those
 * for connection tracking that the node has let us change.
 */
export const sysctlsOf = (config: Config, facts: NodeFacts): readonly Sysctl[] => [
	{
		path: 'net/ipv4/vs/conntrack',
		value: '1',
		why: 'netfilter does not see balanced connections, so none is masqueraded',
	},
	...(hasSlowReuse(facts) ? [REUSE] : []),
	{path: 'net/ipv4/vs/expire_nodest_conn', value: '1', why: 'connections to a removed real server hang'},
	{
		path: 'net/ipv4/vs/expire_quiescent_template',
		value: '1',
		why: 'persistence keeps clients on a draining real server',
	},
	{path: 'net/ipv4/ip_forward', value: '1', why: 'no packet reaches a pod over IPv4'},
	...(config.strictARP ? STRICT_ARP : []),
	...tuningOf(config, facts).filter(({path}) => facts.tunable.has(path)),
]

/** The setting came with Linux 4.1; from 5.9 on the kernel schedules a reused port anew without the delay. */
const hasSlowReuse = ({kernelVersion}: NodeFacts): boolean =>
	kernelVersion !== undefined && isAtLeast(kernelVersion, [4, 1]) && !isAtLeast(kernelVersion, [5, 9])

const REUSE: Sysctl = {
	path: 'net/ipv4/vs/conn_reuse_mode',
	value: '0',
	why: 'a client that reuses a port waits a second',
}

const STRICT_ARP: readonly Sysctl[] = [
	{path: 'net/ipv4/conf/all/arp_ignore', value: '1', why: 'the node answers ARP requests for VIPs'},
	{path: 'net/ipv4/conf/all/arp_announce', value: '2', why: 'the node announces VIPs in ARP requests'},
]

/**
 * Settings for connection tracking, with kube-proxy's meaning of the configuration. They are for speed and size: a node
 * that does not let us change one is served without it.
 */
export const tuningOf = (config: Config, {cpus}: NodeFacts): readonly Sysctl[] => {
	const timeout = (name: string, milliseconds: number, why: string): readonly Sysctl[] =>
		milliseconds >= 1000 ? [conntrack(name, Math.trunc(milliseconds / 1000), why)] : []
	return [
		...(config.conntrackMaxPerCore > 0 ? sizesFor(config, cpus) : []),
		...timeout('tcp_timeout_established', config.conntrackTCPEstablishedTimeout, 'idle connections fill the table'),
		...timeout('tcp_timeout_close_wait', config.conntrackTCPCloseWaitTimeout, 'half-closed connections fill the table'),
		...timeout('udp_timeout', config.conntrackUDPTimeout, 'unanswered UDP packets fill the table'),
		...timeout('udp_timeout_stream', config.conntrackUDPStreamTimeout, 'idle UDP streams fill the table'),
		...(config.conntrackTCPBeLiberal ? [conntrack('tcp_be_liberal', 1, 'packets outside of the window are lost')] : []),
	]
}

const conntrack = (name: string, value: number, why: string): Sysctl => ({
	path: `net/netfilter/nf_conntrack_${name}`,
	value: String(value),
	why,
})

/** More is asked for by conntrackMin only: it takes memory that a node may lack. */
const MOST_CONNECTIONS = 1_048_576

const sizesFor = ({conntrackMaxPerCore, conntrackMin}: Config, cpus: number): readonly Sysctl[] => {
	const scaled = conntrackMaxPerCore * cpus
	const max = scaled > MOST_CONNECTIONS ? MOST_CONNECTIONS : Math.max(scaled, conntrackMin)
	return [
		conntrack('max', max, 'a busy node drops new connections'),
		{
			path: '/sys/module/nf_conntrack/parameters/hashsize',
			value: String(Math.trunc(max / 4)),
			isMinimum: true,
			why: 'tracked connections are found slowly',
		},
	]
}
