import {LostReplies, type NetlinkDoor, type NoticeListener} from '../../../src/kernel/doors.ts'
import {decodeMessages, type NetlinkMessage} from '../../../src/kernel/netlink/message.ts'
import type {Faults} from './faults.ts'
import {type Command, commandOf, ERRNO} from './uapi.ts'
import {dumpReplies, errorReply, message} from './wire.ts'

const ACK = 0x4
const DUMP = 0x300

/** What a subsystem answers: an errno (0 for done), the payloads of a dump, or of one message. */
export type Answer = number | {readonly type: number; readonly payloads: readonly Uint8Array[]}

/** `flags` are those of the request: NLM_F_CREATE, NLM_F_EXCL and so on. */
export type Handler = (command: Command, payload: Uint8Array, flags: number) => Answer

/** As many replies as overflow the receive buffer, upon which the real package aborts the process. */
const MOST_REPLIES = 250

/** Takes requests apart, hands each to its subsystem, and answers as a kernel does. */
export class FakeNetlink implements NetlinkDoor {
	/** Datagrams and requests so far. */
	sends = 0
	messages = 0
	isClosed = false
	readonly #handlers: ReadonlyMap<number, Handler>
	readonly #faults: Faults

	constructor(handlers: ReadonlyMap<number, Handler>, faults: Faults) {
		this.#handlers = handlers
		this.#faults = faults
	}

	readonly exchange: NetlinkDoor['exchange'] = async (protocol, datagram, lastSequence, onReply) => {
		this.sends += 1
		const requests = decodeMessages(datagram)
		const isLost = this.#faults.takeLoss()
		const taken = isLost ? requests.slice(0, Math.ceil(requests.length / 2)) : requests
		const replies = taken.map(request => this.#answer(protocol, request))
		if (isLost) {
			throw new LostReplies('netlink replies lost: on demand')
		}
		if (replies.filter(({length}) => length > 0).length > MOST_REPLIES) {
			throw new Error('the receive buffer overflows: the real package aborts the process')
		}
		if (requests.at(-1)?.sequence !== lastSequence || replies.at(-1)?.length === 0) {
			throw new LostReplies('netlink replies lost: no answer in time')
		}
		replies.flat().forEach(onReply)
	}

	/** False where a process can have no notices, as without koffi. */
	canListen = true
	readonly #listeners = new Set<{readonly groups: readonly number[]; readonly listener: NoticeListener}>()

	readonly listen: NetlinkDoor['listen'] = async (_, groups, listener) => {
		if (!this.canListen) {
			throw new Error('no notices: on demand')
		}
		const entry = {groups, listener}
		this.#listeners.add(entry)
		return () => {
			this.#listeners.delete(entry)
		}
	}

	/** Tells those who listen to this group, as the kernel does after each change. */
	notify(group: number, type: number, payload: Uint8Array): void {
		for (const {groups, listener} of this.#listeners) {
			if (groups.includes(group)) {
				listener.onNotice(message({type, flags: 0, sequence: 0}, payload))
			}
		}
	}

	/** All listening comes to an end, as after an error of the socket. */
	endNotices(): void {
		const listeners = [...this.#listeners]
		this.#listeners.clear()
		for (const {listener} of listeners) {
			listener.onEnd(new Error('ended: on demand'))
		}
	}

	readonly close = (): void => {
		this.isClosed = true
	}

	#answer(protocol: number, request: NetlinkMessage): readonly Uint8Array[] {
		this.messages += 1
		const {flags, payload, sequence} = request
		const answer = this.#handle(protocol, request)
		if (typeof answer !== 'number') {
			return (flags & DUMP) === DUMP
				? dumpReplies(answer.type, sequence, answer.payloads)
				: answer.payloads.map(reply => message({type: answer.type, flags: 0, sequence}, reply))
		}
		return answer !== 0 || flags & ACK ? [errorReply(answer, request, payload)] : []
	}

	#handle(protocol: number, {type, flags, payload}: NetlinkMessage): Answer {
		const command = commandOf(protocol, type, payload)
		const handler = this.#handlers.get(protocol)
		if (!command || !handler) {
			return ERRNO.EOPNOTSUPP
		}
		return this.#faults.errnoFor({command, payload}) || handler(command, payload, flags)
	}
}
