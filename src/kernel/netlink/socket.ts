import {RawNetlinkSocket} from 'netlink/dist/raw.js'
import type {Clock} from '../../clock.ts'
import {LostReplies, type NetlinkDoor} from '../doors.ts'
import {type NetlinkProtocol, NLM_F_MULTI, NLMSG_DONE, NLMSG_ERROR} from './constants.ts'
import {decodeMessages} from './message.ts'

/** The kernel answers at once; only a lost reply lets one wait. */
const REPLY_TIMEOUT = 5000

/**
 * The one module that touches the `netlink` package, because that can abort the whole process: with an exception out of
 * a callback, and with more replies than the receive buffer holds. Hence every callback is guarded, an `error` listener
 * is always there, senders keep to the bounds of `batch.ts`, and a socket that had trouble is closed and made anew.
 *
 * One socket for each protocol, one exchange on it at a time.
 */
export const openNetlink = (clock: Clock): NetlinkDoor => {
	const lines = new Map<NetlinkProtocol, Line>()
	const lineOf = (protocol: NetlinkProtocol): Line => {
		const line = lines.get(protocol) ?? new Line(protocol, clock)
		lines.set(protocol, line)
		return line
	}
	return {
		exchange: (protocol, datagram, lastSequence) => lineOf(protocol).exchange(datagram, lastSequence),
		close: () => {
			for (const line of lines.values()) {
				line.close()
			}
			lines.clear()
		},
	}
}

class Line {
	readonly #protocol: NetlinkProtocol
	readonly #clock: Clock
	#socket: RawNetlinkSocket | undefined
	#pending: {readonly onReply: (bytes: Uint8Array) => void; readonly onLost: (cause: unknown) => void} | undefined
	#tail: Promise<unknown> = Promise.resolve()

	constructor(protocol: NetlinkProtocol, clock: Clock) {
		this.#protocol = protocol
		this.#clock = clock
	}

	exchange(datagram: Uint8Array, lastSequence: number): Promise<readonly Uint8Array[]> {
		const turn = this.#tail.then(() => this.#exchangeNow(datagram, lastSequence))
		this.#tail = turn.catch(() => undefined)
		return turn
	}

	close(): void {
		this.#socket?.close()
		this.#socket = undefined
		this.#pending?.onLost(new Error('closed'))
	}

	#exchangeNow(datagram: Uint8Array, lastSequence: number): Promise<readonly Uint8Array[]> {
		return new Promise((resolve, reject) => {
			const replies: Uint8Array[] = []
			const settle = (finish: () => void) => {
				cancel()
				this.#pending = undefined
				finish()
			}
			const onLost = (cause: unknown) =>
				settle(() => {
					this.close()
					reject(new LostReplies(`netlink replies lost: ${cause instanceof Error ? cause.message : cause}`))
				})
			const cancel = this.#clock.after(REPLY_TIMEOUT, () => onLost('no answer in time'))
			this.#pending = {
				onLost,
				onReply: bytes => {
					replies.push(bytes)
					if (isLast(bytes, lastSequence)) {
						settle(() => resolve(replies))
					}
				},
			}
			try {
				this.#open().send(datagram, {}, error => error && this.#pending?.onLost(error))
			} catch (error) {
				onLost(error)
			}
		})
	}

	#open(): RawNetlinkSocket {
		if (this.#socket) {
			return this.#socket
		}
		// The typings want both buffer sizes; the system's own are right for the bounds that are kept.
		const socket = new RawNetlinkSocket(this.#protocol)
		socket.on('message', bytes => this.#guarded(() => this.#pending?.onReply(Uint8Array.from(bytes))))
		socket.on('truncatedMessage', () => this.#guarded(() => this.#pending?.onLost('a message was cut off')))
		socket.on('error', error => this.#guarded(() => this.#pending?.onLost(error)))
		this.#socket = socket
		return socket
	}

	/** An exception that leaves a callback of the package aborts the process. */
	#guarded(action: () => void): void {
		try {
			action()
		} catch (error) {
			this.#pending?.onLost(error)
		}
	}
}

/** The last request is answered by an error or acknowledgement, the end of a dump, or one message that is no part. */
const isLast = (bytes: Uint8Array, lastSequence: number): boolean =>
	decodeMessages(bytes).some(
		({type, flags, sequence}) =>
			sequence === lastSequence && (type === NLMSG_ERROR || type === NLMSG_DONE || (flags & NLM_F_MULTI) === 0),
	)
