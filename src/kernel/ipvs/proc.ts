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
		const text = rest + piece
		let at = 0
		for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', at)) {
			const words = wordsOf(text, at, end)
			at = end + 1
			if (words[0] === '->') {
				current.addRealServer(words)
			} else {
				const entry = current.entry()
				if (entry) {
					yield entry
				}
				current = new Reading(words)
			}
		}
		rest = text.slice(at)
	}
	const last = current.entry()
	if (last) {
		yield last
	}
}

const BLANK = 0x20

/** Of one line, taken out of the text without a copy of the line: all of them together are very large. */
const wordsOf = (text: string, start: number, end: number): readonly string[] => {
	const words: string[] = []
	for (let at = start; at < end; at++) {
		if (text.charCodeAt(at) !== BLANK) {
			const blank = text.indexOf(' ', at)
			const stop = blank === -1 || blank > end ? end : blank
			words.push(text.slice(at, stop))
			at = stop
		}
	}
	return words
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

	entry(): Entry | undefined {
		return this.#key === undefined ? undefined : [this.#key, this.#server]
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
	let digits = 0
	for (let at = 0; at < text.length; at++) {
		const code = text.charCodeAt(at)
		if (!isSeparator(code)) {
			const digit = digitOf(code)
			if (digit === undefined || digits === MOST_DIGITS) {
				return undefined
			}
			BYTES[digits >> 1] = ((BYTES[digits >> 1] ?? 0) << 4) | digit
			digits++
		}
	}
	const size = digits / 2 - PORT_BYTES
	const address = ADDRESSES[size]
	return address && {address: addressFromBytes(address), port: ((BYTES[size] ?? 0) << 8) | (BYTES[size + 1] ?? 0)}
}

/** The address and port at hand. */
const BYTES = new Uint8Array(18)
const PORT_BYTES = 2
/** By their size. */
const ADDRESSES: Readonly<Record<number, Uint8Array>> = {4: BYTES.subarray(0, 4), 16: BYTES.subarray(0, 16)}
const MOST_DIGITS = 2 * BYTES.length

const isSeparator = (code: number): boolean => code === 0x3a || code === 0x5b || code === 0x5d

const digitOf = (code: number): number | undefined => {
	if (code >= 0x30 && code <= 0x39) {
		return code - 0x30
	}
	const letter = code | 0x20
	return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : undefined
}
