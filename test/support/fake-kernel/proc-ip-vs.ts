import {type Address, addressToBytes, bitsOf} from '../../../src/net/address.ts'
import type {ForwardingMethod, VirtualServer} from '../../../src/state/ipvs.ts'
import type {FakeIpvs} from './fake-ipvs.ts'

const METHODS: Readonly<Record<ForwardingMethod, string>> = {
	masquerade: 'Masq',
	tunnel: 'Tunnel',
	'direct-routing': 'Route',
}

/** /proc/net/ip_vs (ip_vs_info_seq_show): marks after addresses, all in hexadecimal. */
export const renderProcIpvs = ({servers}: FakeIpvs): string => {
	const lines = [
		'IP Virtual Server version 1.2.1 (size=4096)',
		'Prot LocalAddress:Port Scheduler Flags',
		'  -> RemoteAddress:Port Forward Weight ActiveConn InActConn',
	]
	const isMark = ({server}: {server: VirtualServer}) => Number(server.listen.kind === 'firewall-mark')
	for (const {server, realServers} of [...servers.values()].sort((a, b) => isMark(a) - isMark(b))) {
		lines.push(`${renderServer(server)}${renderFlags(server)}`)
		for (const {realServer, counters} of realServers.values()) {
			const {address, port, forwarding, weight} = realServer
			const {activeConnections, inactiveConnections} = counters
			lines.push(
				`  -> ${renderSocket(address, port)}      ${METHODS[forwarding].padEnd(7)} ${String(weight).padEnd(6)} ` +
					`${String(activeConnections).padEnd(10)} ${String(inactiveConnections).padEnd(10)}`,
			)
		}
	}
	return `${lines.join('\n')}\n`
}

const renderServer = ({listen, scheduler}: VirtualServer): string =>
	listen.kind === 'firewall-mark'
		? `FWM  ${hex(listen.mark, 8)} ${scheduler} `
		: `${listen.protocol.toUpperCase()}  ${renderSocket(listen.address, listen.port)} ${scheduler} `

const renderFlags = ({listen, flags, persistence}: VirtualServer): string => {
	const isIPv6 = listen.kind === 'address' && listen.address.includes(':')
	const ops = flags.includes('one-packet') && !isIPv6 ? 'ops ' : ''
	if (!persistence) {
		return ops
	}
	const {prefixLength, timeoutSeconds} = persistence
	// The prefix length of IPv6 goes through ntohl like a mask.
	const mask = isIPv6 ? prefixLength * 2 ** 24 : prefixLength === 0 ? 0 : (-1 << (bitsOf('ipv4') - prefixLength)) >>> 0
	return `${ops}persistent ${timeoutSeconds} ${hex(mask, 8)}`
}

const hex = (value: number, width: number): string => value.toString(16).toUpperCase().padStart(width, '0')

const renderSocket = (address: Address, port: number): string => {
	const digits = Buffer.from(addressToBytes(address)).toString('hex')
	const where = digits.length === 8 ? digits.toUpperCase() : `[${digits.match(/.{4}/g)?.join(':')}]`
	return `${where}:${hex(port, 4)}`
}
