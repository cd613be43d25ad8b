import type {Config} from '../config/fields.ts'
import {isAtLeast, type NodeFacts} from '../state/node-facts.ts'
import type {Sysctl} from '../state/sysctl.ts'

/** Kernel settings that the service proxy cannot do without (linux/Documentation/networking/ipvs-sysctl.rst). */
export const sysctlsOf = ({strictARP}: Config, {kernelVersion}: NodeFacts): readonly Sysctl[] => [
	{
		path: 'net/ipv4/vs/conntrack',
		value: '1',
		why: 'netfilter does not see balanced connections, so none is masqueraded',
	},
	...(kernelVersion && isAtLeast(kernelVersion, [4, 1]) && !isAtLeast(kernelVersion, [5, 9]) ? [REUSE] : []),
	{path: 'net/ipv4/vs/expire_nodest_conn', value: '1', why: 'connections to a removed real server hang'},
	{
		path: 'net/ipv4/vs/expire_quiescent_template',
		value: '1',
		why: 'persistence keeps clients on a draining real server',
	},
	{path: 'net/ipv4/ip_forward', value: '1', why: 'no packet reaches a pod over IPv4'},
	...(strictARP
		? [
				{path: 'net/ipv4/conf/all/arp_ignore', value: '1', why: 'the node answers ARP requests for VIPs'},
				{path: 'net/ipv4/conf/all/arp_announce', value: '2', why: 'the node announces VIPs in ARP requests'},
			]
		: []),
]

/** The setting came with Linux 4.1; from 5.9 on the kernel schedules a reused port anew without the delay. */
const REUSE: Sysctl = {
	path: 'net/ipv4/vs/conn_reuse_mode',
	value: '0',
	why: 'a client that reuses a port waits a second',
}
