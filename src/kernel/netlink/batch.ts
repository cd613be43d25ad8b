import {LostReplies, type NetlinkDoor} from '../doors.ts'
import {putUint16, putUint32} from './bytes.ts'
import {type NetlinkProtocol, NLM_F_ACK} from './constants.ts'
import {decodeMessages, errnoOf} from './message.ts'
import type {Sequence} from './sequence.ts'
import type {Encoded} from './template.ts'

/**
 * Messages of one send. Every one that fails answers with about 1 KB of receive buffer, also when it did not ask to; if
 * all of these do, the default buffer still holds them.
 */
export const SMALL_ROOM = 200

/** Bytes of one send, for each message of the room: most are shorter. */
export const BYTES_PER_MESSAGE = 120

/** What became of one message: 0 for done, a positive errno, or `lost` when the kernel's answer did not arrive. */
export type MessageResult = number | 'lost'

/**
 * Sends messages in batches of bounded size, with an acknowledgement asked for on the last of each batch only. A
 * message that fails does not stop those behind it. The results are in the order of the messages.
 */
export const sendInBatches = async (
	door: NetlinkDoor,
	protocol: NetlinkProtocol,
	messages: readonly Encoded[],
	sequence: Sequence,
): Promise<readonly MessageResult[]> => {
	const results: MessageResult[] = []
	const room = (await door.room?.(protocol)) ?? SMALL_ROOM
	const buffer = new Uint8Array(Math.min(sizeOf(messages), room * BYTES_PER_MESSAGE))
	for (let at = 0; at < messages.length; ) {
		const batch = layDownBatch(messages.slice(at, at + room), buffer, sequence)
		results.push(...(await exchangeBatch(door, protocol, batch)))
		at += batch.count
	}
	return results
}

const sizeOf = (messages: readonly Encoded[]): number => messages.reduce((sum, {size}) => sum + size, 0)

interface Batch {
	readonly datagram: Uint8Array
	readonly firstSequence: number
	readonly count: number
}

/** As many as there is room for. */
const layDownBatch = (messages: readonly Encoded[], buffer: Uint8Array, sequence: Sequence): Batch => {
	const firstSequence = sequence.begin()
	let size = 0
	let last = 0
	let count = 0
	for (const message of messages) {
		if (size + message.size > buffer.length) {
			break
		}
		message.write(buffer, size)
		putUint32(buffer, size + 8, sequence.next())
		last = size
		size += message.size
		count++
	}
	if (count === 0) {
		throw new RangeError(`a netlink message of more than ${buffer.length} bytes`)
	}
	const flags = (buffer[last + 6] ?? 0) | ((buffer[last + 7] ?? 0) << 8)
	putUint16(buffer, last + 6, flags | NLM_F_ACK)
	// The next one is laid down when the kernel has answered to this.
	return {datagram: buffer.subarray(0, size), firstSequence, count}
}

const exchangeBatch = async (
	door: NetlinkDoor,
	protocol: NetlinkProtocol,
	{datagram, firstSequence, count}: Batch,
): Promise<readonly MessageResult[]> => {
	const results = new Array<MessageResult>(count).fill(0)
	try {
		await door.exchange(protocol, datagram, firstSequence + count - 1, reply => {
			for (const message of decodeMessages(reply)) {
				const errno = errnoOf(message)
				const at = message.sequence - firstSequence
				if (errno && at >= 0 && at < count) {
					results[at] = errno
				}
			}
		})
		return results
	} catch (error) {
		if (error instanceof LostReplies) {
			return results.fill('lost')
		}
		throw error
	}
}
