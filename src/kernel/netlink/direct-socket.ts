import {openCLibrary} from '../c-library.ts'
import {LostReplies} from '../doors.ts'
import {giveWay} from '../give-way.ts'
import type {NetlinkProtocol} from './constants.ts'
import {isLast} from './message.ts'

// linux/socket.h, asm-generic/fcntl.h
const AF_NETLINK = 16
const SOCK_RAW = 3
const SOCK_CLOEXEC = 0o2000000
const MSG_TRUNC = 0x20
const MSG_DONTWAIT = 0x40

/** Bytes. As much as the kernel puts into one datagram of a dump (af_netlink.c, netlink_recvmsg). */
const LARGEST_DATAGRAM = 32_768

/** Bytes that are received before others have their turn: some milliseconds' worth, with all that is made of them. */
const SHARE = 65_536

/** Bytes that a datagram counts for besides, because to receive one takes its time, however small it is. */
const BESIDES = 512

export interface DirectSocket {
	/**
	 * Sends the request for one dump and hands on each part of it. Rejects with LostReplies when the kernel says nothing
	 * where it should, and with whatever `onReply` throws: then the rest is still to come, so it must be closed.
	 */
	readonly dump: (datagram: Uint8Array, sequence: number, onReply: (bytes: Uint8Array) => void) => Promise<void>
	readonly close: () => void
}

/**
 * A socket for dumps; undefined where this process can have none. The kernel puts the first part of a dump there before
 * the call that sends the request returns, and the next one whenever a part is received. So nothing has to be waited
 * for, and a small dump costs three system calls instead of some turns of the event loop.
 */
export const openDirectSocket = async (protocol: NetlinkProtocol): Promise<DirectSocket | undefined> => {
	try {
		const {func, errno} = await openCLibrary()
		const calls = {
			send: func('long send(int, const void *, size_t, int)'),
			recv: func('long recv(int, void *, size_t, int)'),
			close: func('int close(int)'),
			errno,
		}
		const descriptor = func('int socket(int, int, int)')(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol)
		return descriptor < 0 ? undefined : new CSocket(calls, descriptor)
	} catch {
		return undefined
	}
}

/** Functions of C. */
interface Calls {
	readonly send: (descriptor: number, bytes: Uint8Array, size: number, flags: number) => number
	readonly recv: (descriptor: number, target: Uint8Array, size: number, flags: number) => number
	readonly close: (descriptor: number) => number
	readonly errno: () => number
}

class CSocket implements DirectSocket {
	readonly #calls: Calls
	readonly #buffer = new Uint8Array(LARGEST_DATAGRAM)
	#descriptor: number | undefined
	#left = SHARE

	constructor(calls: Calls, descriptor: number) {
		this.#calls = calls
		this.#descriptor = descriptor
	}

	async dump(datagram: Uint8Array, sequence: number, onReply: (bytes: Uint8Array) => void): Promise<void> {
		this.#check('send', descriptor => this.#calls.send(descriptor, datagram, datagram.length, 0))
		for (let isOver = false; !isOver; ) {
			if (this.#left <= 0) {
				this.#left = SHARE
				await giveWay()
			}
			const bytes = this.#receive()
			onReply(bytes)
			isOver = isLast(bytes, sequence)
		}
	}

	close(): void {
		if (this.#descriptor !== undefined) {
			this.#calls.close(this.#descriptor)
			this.#descriptor = undefined
		}
	}

	#receive(): Uint8Array {
		const size = this.#check('recv', descriptor =>
			this.#calls.recv(descriptor, this.#buffer, LARGEST_DATAGRAM, MSG_DONTWAIT | MSG_TRUNC),
		)
		if (size > LARGEST_DATAGRAM) {
			throw new LostReplies(`${LOST}: ${size} bytes at once`)
		}
		this.#left -= size + BESIDES
		return this.#buffer.subarray(0, size)
	}

	#check(name: string, call: (descriptor: number) => number): number {
		const result = this.#descriptor === undefined ? -1 : call(this.#descriptor)
		if (result < 0) {
			const cause = this.#descriptor === undefined ? 'closed' : `${name}: errno ${this.#calls.errno()}`
			throw new LostReplies(`${LOST}: ${cause}`)
		}
		return result
	}
}

const LOST = 'netlink replies lost'
