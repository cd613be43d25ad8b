import {LostReplies, type NetlinkDoor} from '../doors.ts'
import {putUint32} from './bytes.ts'
import {type NetlinkProtocol, NLM_F_DUMP_INTR, NLMSG_DONE} from './constants.ts'
import {decodeMessages, errnoOf, type NetlinkMessage} from './message.ts'
import {NetlinkError} from './netlink-error.ts'
import type {Sequence} from './sequence.ts'
import type {Encoded} from './template.ts'

const TRIES = 5
const EINTR = 4

/** Where requests of one kind go out. */
export interface Line {
	readonly door: NetlinkDoor
	readonly protocol: NetlinkProtocol
	readonly sequence: Sequence
}

/** The messages of one dump, or the replies to one request; more of it at `pickFromDump`. */
export const request = (
	door: NetlinkDoor,
	protocol: NetlinkProtocol,
	message: Encoded,
	sequence: Sequence,
): Promise<readonly NetlinkMessage[]> =>
	pickFromDump({door, protocol, sequence}, message, reply => ({...reply, payload: reply.payload.slice()}))

/**
 * What `pick` makes of each message of a dump, undefined left out. It is called while the dump is under way, so that
 * one of any length needs no more memory than what is picked from it; the payload is not to be kept. A dump that was disturbed or lost is asked for
 * again; after five tries a disturbed one is taken as it is. Rejects with a NetlinkError for an errno.
 */
export const pickFromDump = async <Value>(
	line: Line,
	message: Encoded,
	pick: (message: NetlinkMessage) => Value | undefined,
): Promise<readonly Value[]> => {
	for (let left = TRIES; ; left--) {
		try {
			const {values, isDisturbed} = await pickOnce(line, message, pick)
			if (!isDisturbed || left <= 1) {
				return values
			}
		} catch (error) {
			if (!(error instanceof LostReplies) || left <= 1) {
				throw error
			}
		}
	}
}

/** Whether there is a message like that in a dump, which is not read any further then. Rejects as `pickFromDump`. */
export const isInDump = async (
	line: Line,
	message: Encoded,
	isIt: (message: NetlinkMessage) => boolean,
): Promise<boolean> => {
	const found = new Error('found')
	try {
		await pickFromDump(line, message, reply => {
			if (isIt(reply)) {
				throw found
			}
		})
		return false
	} catch (error) {
		if (error === found) {
			return true
		}
		throw error
	}
}

const pickOnce = async <Value>(
	line: Line,
	message: Encoded,
	pick: (message: NetlinkMessage) => Value | undefined,
): Promise<{readonly values: readonly Value[]; readonly isDisturbed: boolean}> => {
	line.sequence.begin()
	const sequence = line.sequence.next()
	const values: Value[] = []
	let [isDisturbed, failure] = [false, 0]
	const take = (datagram: Uint8Array) => {
		for (const reply of decodeMessages(datagram).filter(message => message.sequence === sequence)) {
			const errno = reply.type === NLMSG_DONE ? doneErrno(reply) : errnoOf(reply)
			isDisturbed ||= (reply.flags & NLM_F_DUMP_INTR) !== 0
			failure ||= errno ?? 0
			const value = errno === undefined ? pick(reply) : undefined
			if (value !== undefined) {
				values.push(value)
			}
		}
	}
	await line.door.exchange(line.protocol, layDown(message, sequence), sequence, take)
	if (failure && failure !== EINTR) {
		throw new NetlinkError(failure)
	}
	return {values, isDisturbed: isDisturbed || failure === EINTR}
}

const layDown = (message: Encoded, sequence: number): Uint8Array => {
	const datagram = new Uint8Array(message.size)
	message.write(datagram, 0)
	putUint32(datagram, 8, sequence)
	return datagram
}

/** A dump that fails half-way says so in its last message. */
const doneErrno = ({payload}: NetlinkMessage): number =>
	payload.length < 4 ? 0 : -new DataView(payload.buffer, payload.byteOffset, payload.byteLength).getInt32(0, true)
