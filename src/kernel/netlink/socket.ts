import type {Clock} from '../../clock.ts'
import {LostReplies, type NetlinkDoor} from '../doors.ts'
import {BYTES_PER_MESSAGE, SMALL_ROOM} from './batch.ts'
import type {NetlinkProtocol} from './constants.ts'
import {openDirectSocket} from './direct-socket.ts'
import {DumpLanes} from './dump-lanes.ts'
import {listen} from './listen.ts'
import {isDump, isLast} from './message.ts'
import {openRawSocket, type RawSocket} from './raw-socket.ts'
import {enlargeBuffers} from './socket-options.ts'
import {Turns} from './turns.ts'

/** Milliseconds. The kernel answers at once, and goes on at once; only a lost reply lets one wait. */
const REPLY_TIMEOUT = 5000

/**
 * One line for each protocol, one exchange on it at a time; senders keep to the bounds of `batch.ts`, so that the
 * answers fit in the receive buffer. A socket that had trouble is closed and made anew. Notices have their own, and dumps
 * where they can: then both go on at once, and what a dump tells may be from before or after a change.
 */
export const openNetlink = (clock: Clock, openDirect: typeof openDirectSocket = openDirectSocket): NetlinkDoor => {
	const lines = new Map<NetlinkProtocol, Line>()
	const listening = new Set<() => void>()
	const lineOf = (protocol: NetlinkProtocol): Line => {
		const line = lines.get(protocol) ?? new Line(protocol, clock, openDirect)
		lines.set(protocol, line)
		return line
	}
	return {
		exchange: (protocol, datagram, lastSequence, onReply) => lineOf(protocol).exchange(datagram, lastSequence, onReply),
		room: protocol => lineOf(protocol).room(),
		listen: async (protocol, groups, listener) => {
			const stop = await listen(protocol, groups, listener)
			listening.add(stop)
			return () => {
				listening.delete(stop)
				stop()
			}
		},
		close: () => {
			for (const line of lines.values()) {
				line.close()
			}
			lines.clear()
			for (const stop of listening) {
				stop()
			}
			listening.clear()
		},
	}
}

class Line {
	readonly #protocol: NetlinkProtocol
	readonly #clock: Clock
	readonly #dumps: DumpLanes
	readonly #turns = new Turns()
	#socket: RawSocket | undefined
	#room = SMALL_ROOM
	#pending: Pending | undefined

	constructor(protocol: NetlinkProtocol, clock: Clock, openDirect: typeof openDirectSocket) {
		this.#protocol = protocol
		this.#clock = clock
		this.#dumps = new DumpLanes(protocol, openDirect, (...dump) => this.#exchangeInTurn(...dump))
	}

	exchange(datagram: Uint8Array, lastSequence: number, onReply: OnReply): Promise<void> {
		return isDump(datagram)
			? this.#dumps.dump(datagram, lastSequence, onReply)
			: this.#exchangeInTurn(datagram, lastSequence, onReply)
	}

	room(): Promise<number> {
		return this.#turns.take(async () => {
			this.#socket ?? (await this.#open())
			return this.#room
		})
	}

	close(): void {
		this.#dumps.close()
		this.#closeSocket()
		this.#pending?.fail(new LostReplies(`${LOST}: closed`))
	}

	#closeSocket(): void {
		this.#socket?.close()
		this.#socket = undefined
	}

	#exchangeInTurn(datagram: Uint8Array, lastSequence: number, onReply: OnReply): Promise<void> {
		return this.#turns.take(async () => {
			const socket = this.#socket ?? (await this.#open())
			if (datagram.length > this.#room * BYTES_PER_MESSAGE) {
				throw new LostReplies(`${LOST}: no room for them`)
			}
			await this.#exchangeNow(socket, datagram, lastSequence, onReply)
		})
	}

	#exchangeNow(socket: RawSocket, datagram: Uint8Array, lastSequence: number, onReply: OnReply): Promise<void> {
		return new Promise((resolve, reject) => {
			const settle = (finish: () => void) => {
				cancel()
				this.#pending = undefined
				finish()
			}
			const fail = (error: unknown) =>
				settle(() => {
					// What is still to come of this answer must not be taken for that to the next request.
					this.#closeSocket()
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
				socket.send(datagram)
			} catch (error) {
				this.#lose(error)
			}
		})
	}

	#lose(cause: unknown): void {
		this.#pending?.fail(new LostReplies(`${LOST}: ${cause instanceof Error ? cause.message : cause}`))
	}

	async #open(): Promise<RawSocket> {
		try {
			this.#socket = openRawSocket(
				this.#protocol,
				bytes => this.#take(bytes),
				cause => this.#lose(cause),
			)
		} catch (error) {
			throw new LostReplies(`${LOST}: ${error instanceof Error ? error.message : error}`)
		}
		this.#room = (await enlargeBuffers(this.#socket.port)) ?? SMALL_ROOM
		return this.#socket
	}

	#take(bytes: Uint8Array): void {
		try {
			this.#pending?.take(bytes)
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
