import {RawNetlinkSocket} from 'netlink/dist/raw.js'
import type {NetlinkProtocol} from './constants.ts'

export interface RawSocket {
	/** The address of the socket in its protocol, as /proc/net/netlink shows it. */
	readonly port: number
	readonly send: (datagram: Uint8Array) => void
	/** Takes part in a multicast group. */
	readonly join: (group: number) => void
	readonly close: () => void
}

/**
 * The one module that touches the `netlink` package, because that can abort the whole process: with an exception out of
 * a callback, and when the kernel reports that the receive buffer overflowed. Hence every callback is guarded, and an
 * `error` listener is always there. After any trouble the caller closes the socket and opens a new one.
 */
export const openRawSocket = (
	protocol: NetlinkProtocol,
	onMessage: (datagram: Uint8Array) => void,
	onTrouble: (cause: unknown) => void,
): RawSocket => {
	// The typings want both buffer sizes; the system's own are right for the bounds that senders keep.
	const socket = new RawNetlinkSocket(protocol)
	const trouble = (cause: unknown) => {
		try {
			onTrouble(cause)
		} catch {
			// Nobody is left to tell, and it must not leave the callback.
		}
	}
	socket.on('message', ({buffer, byteOffset, byteLength}) => {
		try {
			onMessage(new Uint8Array(buffer, byteOffset, byteLength))
		} catch (error) {
			trouble(error)
		}
	})
	socket.on('truncatedMessage', () => trouble(new Error('a message was cut off')))
	socket.on('error', trouble)
	return {
		port: socket.address().port,
		send: datagram => socket.send(datagram, {}, error => error && trouble(error)),
		join: group => socket.addMembership(group),
		close: () => socket.close(),
	}
}
