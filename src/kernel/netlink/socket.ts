import {RawNetlinkSocket} from 'netlink/dist/raw.js'
import type {Clock} from '../../clock.ts'
import {LostReplies, type NetlinkDoor} from '../doors.ts'
import {type NetlinkProtocol, NLM_F_MULTI, NLMSG_DONE, NLMSG_ERROR} from './constants.ts'
import {decodeMessages} from './message.ts'

/** Milliseconds. The kernel answers at once, and goes on at once; only a lost reply lets one wait. */
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
		exchange: (protocol, datagram, lastSequence, onReply) => lineOf(protocol).exchange(datagram, lastSequence, onReply),
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
	#pending: Pending | undefined
	#tail: Promise<unknown> = Promise.resolve()

	constructor(protocol: NetlinkProtocol, clock: Clock) {
		this.#protocol = protocol
		this.#clock = clock
	}

	exchange(datagram: Uint8Array, lastSequence: number, onReply: OnReply): Promise<void> {
		const turn = this.#tail.then(() => this.#exchangeNow(datagram, lastSequence, onReply))
		this.#tail = turn.catch(() => undefined)
		return turn
	}

	close(): void {
		this.#socket?.close()
		this.#socket = undefined
		this.#pending?.fail(new LostReplies(`${LOST}: closed`))
	}

	#exchangeNow(datagram: Uint8Array, lastSequence: number, onReply: OnReply): Promise<void> {
		return new Promise((resolve, reject) => {
			const settle = (finish: () => void) => {
				cancel()
				this.#pending = undefined
				finish()
			}
			const fail = (error: unknown) =>
				settle(() => {
					// What is still to come of this answer must not be taken for that to the next request.
					this.close()
					reject(error)
				})
			const expect = () => this.#clock.after(REPLY_TIMEOUT, () => fail(new LostReplies(`${LOST}: no answer in time`)))
			let cancel = expect()
			const take = (bytes: Uint8Array) => {
				cancel()
				onReply(bytes)
				if (isLast(bytes, lastSequence)) {
					settle(resolve)
				} else {
					cancel = expect()
				}
			}
			this.#pending = {take, fail}
			try {
				this.#open().send(datagram, {}, error => error && this.#lose(error))
			} catch (error) {
				this.#lose(error)
			}
		})
	}

	#lose(cause: unknown): void {
		this.#pending?.fail(new LostReplies(`${LOST}: ${cause instanceof Error ? cause.message : cause}`))
	}

	#open(): RawNetlinkSocket {
		if (this.#socket) {
			return this.#socket
		}
		// The typings want both buffer sizes; the system's own are right for the bounds that are kept.
		const socket = new RawNetlinkSocket(this.#protocol)
		socket.on('message', ({buffer, byteOffset, byteLength}) =>
			this.#guarded(() => this.#pending?.take(new Uint8Array(buffer, byteOffset, byteLength))),
		)
		socket.on('truncatedMessage', () => this.#guarded(() => this.#lose('a message was cut off')))
		socket.on('error', error => this.#guarded(() => this.#lose(error)))
		this.#socket = socket
		return socket
	}

	/** An exception that leaves a callback of the package aborts the process. */
	#guarded(action: () => void): void {
		try {
			action()
		} catch (error) {
			this.#pending?.fail(error)
		}
	}
}

const LOST = 'netlink replies lost'

type OnReply = (datagram: Uint8Array) => void

/** The exchange under way. */
interface Pending {
	readonly take: OnReply
	readonly fail: (error: unknown) => void
}

/** The last request is answered by an error or acknowledgement, the end of a dump, or one message that is no part. */
const isLast = (bytes: Uint8Array, lastSequence: number): boolean =>
	decodeMessages(bytes).some(
		({type, flags, sequence}) =>
			sequence === lastSequence && (type === NLMSG_ERROR || type === NLMSG_DONE || (flags & NLM_F_MULTI) === 0),
	)
