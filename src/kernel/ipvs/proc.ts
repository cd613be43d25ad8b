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

/** A service and its destinations. */
type Entry = readonly [VirtualServerKey, ProcServer]

/**
 * All destinations from one read: IPVS has no dump of them all, and one dump a service takes five times as long. Each
 * service is given when its last line has come. Lines of a form that is not known are passed over
 * (net/netfilter/ipvs/ip_vs_ctl.c, ip_vs_info_seq_show). A firewall mark is written alike for both families; its first
 * real server tells which, so one without any is left out.
 */
export async function* parseProcIpvs(pieces: AsyncIterable<string> | Iterable<string>): AsyncGenerator<Entry> {
	let rest = ''
	let current = new Reading([])
	for await (const piece of pieces) {
		const lines = (rest + piece).split('\n')
		rest = lines.pop() ?? ''
		for (const line of lines) {
			const words = line.trim().split(/\s+/)
			if (words[0] === '->') {
				current.addRealServer(words)
			} else {
				yield* current.entries()
				current = new Reading(words)
			}
		}
	}
	yield* current.entries()
}

/** A service of which more lines may come. */
class Reading {
	readonly #server: ProcServer = {realServers: new Map(), counters: new Map()}
	readonly #mark: number | undefined
	#key: VirtualServerKey | undefined

	constructor(words: readonly string[]) {
		const listen = parseListen(words)
		this.#key = listen && virtualServerKey(listen)
		this.#mark = parseMark(words)
	}

	addRealServer(words: readonly string[]): void {
		const isOfServer = this.#key !== undefined || this.#mark !== undefined
		const found = isOfServer ? addRealServer(this.#server, words) : undefined
		if (found && this.#mark !== undefined) {
			this.#key ??= virtualServerKey({kind: 'firewall-mark', family: familyOf(found.address), mark: this.#mark})
		}
	}

	entries(): readonly Entry[] {
		return this.#key === undefined ? [] : [[this.#key, this.#server]]
	}
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
