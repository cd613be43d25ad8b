import {type Address, addressFromBytes} from '../../net/address.ts'
import type {SocketAddress} from '../../net/socket-address.ts'

/** A connection that IPVS forwards, or what it remembers of a client for persistence: then the client has port 0. */
export interface Connection {
	/** In lower case as the kernel names it: `tcp`, `udp`, `sctp`; `ip` where a firewall mark is remembered. */
	readonly protocol: string
	/** With persistence for networks, the first address of the client's. */
	readonly client: SocketAddress
	/** Where the client sends to; of `ip` the address has the bytes of the mark. */
	readonly virtual: SocketAddress
	readonly realServer: SocketAddress
	/** As the kernel names it: `ESTABLISHED`, `UDP`, `NONE`. */
	readonly state: string
	readonly expiresSeconds: number
	/** Of a client that a persistence engine knows by what it sent. */
	readonly engine?: {readonly name: string; readonly data: string}
}

/**
 * From the text of /proc/net/ip_vs_conn in pieces, cut anywhere (net/netfilter/ipvs/ip_vs_conn.c,
 * ip_vs_conn_seq_show): a list for each piece, so that a table of any length needs no more memory than that. Lines of
 * another form are passed over.
 */
export async function* parseConnections(
	pieces: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<readonly Connection[]> {
	let rest = ''
	for await (const piece of pieces) {
		const lines = (rest + piece).split('\n')
		rest = lines.pop() ?? ''
		yield lines.flatMap(line => parseConnection(line) ?? [])
	}
	yield [parseConnection(rest)].filter(found => found !== undefined)
}

const parseConnection = (line: string): Connection | undefined => {
	const [, protocol, ...words] = LINE.exec(line) ?? []
	if (protocol === undefined) {
		return undefined
	}
	const [from = '', fromPort = '', to = '', toPort = '', real = '', realPort = '', state = '', seconds, name, data] =
		words
	return {
		protocol: protocol.toLowerCase(),
		client: socketOf(from, fromPort),
		virtual: socketOf(to, toPort),
		realServer: socketOf(real, realPort),
		state,
		expiresSeconds: Number(seconds),
		...(name !== undefined && {engine: {name, data: data ?? ''}}),
	}
}

const SOCKET = '([0-9A-F]{8}|[0-9a-f:]{39}) ([0-9A-F]{4})'

/** `TCP 0A000001 8000 0A600001 0050 0AF40105 1F90 ESTABLISHED     899`, and perhaps name and data of an engine. */
const LINE = new RegExp(`^(\\S+) +${SOCKET} ${SOCKET} ${SOCKET} (\\S+) +(\\d+)(?: (\\S+) (.*))?$`)

const socketOf = (address: string, port: string): SocketAddress => ({
	address: addressOf(address),
	port: Number.parseInt(port, 16),
})

const addressOf = (digits: string): Address => addressFromBytes(Buffer.from(digits.replaceAll(':', ''), 'hex'))
