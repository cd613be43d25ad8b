import {LostReplies, type NetlinkDoor} from '../doors.ts'
import {putUint32} from './bytes.ts'
import {type NetlinkProtocol, NLM_F_DUMP_INTR, NLMSG_DONE} from './constants.ts'
import {decodeMessages, errnoOf, type NetlinkMessage} from './message.ts'
import {NetlinkError} from './netlink-error.ts'
import type {Sequence} from './sequence.ts'
import type {Encoded} from './template.ts'

const TRIES = 5

/**
 * The messages of one dump, or the replies to one request. A dump that was disturbed or lost is asked for again; after
 * five tries a disturbed one is taken as it is. Rejects with a NetlinkError for an errno.
 */
export const request = async (
	door: NetlinkDoor,
	protocol: NetlinkProtocol,
	message: Encoded,
	sequence: Sequence,
): Promise<readonly NetlinkMessage[]> => {
	for (let left = TRIES; ; left--) {
		try {
			const {messages, isDisturbed} = await requestOnce(door, protocol, message, sequence)
			if (!isDisturbed || left <= 1) {
				return messages
			}
		} catch (error) {
			if (!(error instanceof LostReplies) || left <= 1) {
				throw error
			}
		}
	}
}

const requestOnce = async (door: NetlinkDoor, protocol: NetlinkProtocol, message: Encoded, numbers: Sequence) => {
	numbers.begin()
	const sequence = numbers.next()
	const datagram = new Uint8Array(message.size)
	message.write(datagram, 0)
	putUint32(datagram, 8, sequence)
	const messages: NetlinkMessage[] = []
	let isDisturbed = false
	for (const reply of (await door.exchange(protocol, datagram, sequence)).flatMap(decodeMessages)) {
		if (reply.sequence !== sequence) {
			continue
		}
		isDisturbed ||= (reply.flags & NLM_F_DUMP_INTR) !== 0
		const errno = reply.type === NLMSG_DONE ? doneErrno(reply) : errnoOf(reply)
		if (errno) {
			throw new NetlinkError(errno)
		}
		if (errno === undefined) {
			messages.push(reply)
		}
	}
	return {messages, isDisturbed}
}

/** A dump that fails half-way says so in its last message. */
const doneErrno = ({payload}: NetlinkMessage): number =>
	payload.length < 4 ? 0 : -new DataView(payload.buffer, payload.byteOffset, payload.byteLength).getInt32(0, true)
