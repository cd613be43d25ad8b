import {type Address, addressFromBytes, familyOf} from '../../net/address.ts'
import {parseProtocol} from '../../net/protocol.ts'
import {
	type Counters,
	type ForwardingMethod,
	type Listen,
	type RealServer,
	type RealServerKey,
	realServerKey,
	type VirtualServerKey,
	virtualServerKey,
} from '../../state/ipvs.ts'

/** The destinations of one service, as /proc/net/ip_vs shows them. */
export interface ProcServer {
	readonly realServers: Map<RealServerKey, RealServer>
	readonly counters: Map<RealServerKey, Counters>
}

/**
 * All destinations from one read: IPVS has no dump of them all, and one dump a service takes five times as long. Lines
 * of a form that is not known are passed over (net/netfilter/ipvs/ip_vs_ctl.c, ip_vs_info_seq_show). A firewall mark is
 * written alike for both families; its first real server tells which, so one without any is left out.
 */
export const parseProcIpvs = (text: string): ReadonlyMap<VirtualServerKey, ProcServer> => {
	const servers = new Map<VirtualServerKey, ProcServer>()
	let current: ProcServer | undefined
	let mark: number | undefined
	for (const line of text.split('\n')) {
		const words = line.trim().split(/\s+/)
		if (words[0] !== '->') {
			const listen = parseListen(words)
			mark = parseMark(words)
			current = listen || mark !== undefined ? {realServers: new Map(), counters: new Map()} : undefined
			if (listen && current) {
				servers.set(virtualServerKey(listen), current)
			}
			continue
		}
		const found = current && addRealServer(current, words)
		if (current && found && mark !== undefined) {
			servers.set(virtualServerKey({kind: 'firewall-mark', family: familyOf(found.address), mark}), current)
			mark = undefined
		}
	}
	return servers
}

/** `TCP 0A600001:01BB rr`, `UDP [2001:0db8:...]:0035 rr` */
const parseListen = ([kind = '', where = '']: readonly string[]): Listen | undefined => {
	const protocol = parseProtocol(kind)
	const socket = parseSocket(where)
	return protocol && socket && {kind: 'address', protocol, ...socket}
}

/** `FWM 00001001 rr` */
const parseMark = ([kind, mark = '']: readonly string[]): number | undefined =>
	kind === 'FWM' && /^[0-9A-F]{8}$/.test(mark) ? Number.parseInt(mark, 16) : undefined

const METHODS: Readonly<Record<string, ForwardingMethod>> = {
	Masq: 'masquerade',
	Local: 'masquerade',
	Tunnel: 'tunnel',
	Route: 'direct-routing',
}

/** `-> 0AF40105:1F90 Masq 1 0 0` */
const addRealServer = (server: ProcServer, words: readonly string[]): RealServer | undefined => {
	const [, where = '', method = '', weight, active, inactive] = words
	const socket = parseSocket(where)
	const forwarding = METHODS[method]
	if (!socket || !forwarding) {
		return undefined
	}
	const key = realServerKey(socket.address, socket.port)
	const realServer = {key, ...socket, weight: Number(weight), forwarding}
	server.realServers.set(key, realServer)
	server.counters.set(key, {activeConnections: Number(active), inactiveConnections: Number(inactive)})
	return realServer
}

/** `0A600001:01BB` or `[2001:0db8:0000:0000:0000:0000:0000:0001]:01BB`, all in hexadecimal. */
const parseSocket = (text: string): {address: Address; port: number} | undefined => {
	const match = /^(?:([0-9A-F]{8})|\[([0-9a-f:]{39})\]):([0-9A-F]{4})$/.exec(text)
	const digits = match?.[1] ?? match?.[2]?.replaceAll(':', '')
	return digits && match?.[3]
		? {address: addressFromBytes(Buffer.from(digits, 'hex')), port: Number.parseInt(match[3], 16)}
		: undefined
}
