import {uint16At} from './bytes.ts'
import {NLM_F_DUMP, NLM_F_MULTI, NLMSG_DONE, NLMSG_ERROR, NLMSG_HEADER} from './constants.ts'
import {DecodeError} from './decode-error.ts'

/** struct nlmsghdr and what follows it. */
export interface NetlinkMessage {
	readonly type: number
	readonly flags: number
	readonly sequence: number
	readonly payload: Uint8Array
}

/** The messages of one datagram; a DecodeError for a length that does not fit. */
export const decodeMessages = (datagram: Uint8Array): readonly NetlinkMessage[] => {
	const view = new DataView(datagram.buffer, datagram.byteOffset, datagram.byteLength)
	const messages: NetlinkMessage[] = []
	for (let at = 0; at + NLMSG_HEADER <= datagram.length; ) {
		const length = lengthAt(view, at)
		messages.push({
			type: view.getUint16(at + 4, true),
			flags: view.getUint16(at + 6, true),
			sequence: view.getUint32(at + 8, true),
			payload: datagram.subarray(at + NLMSG_HEADER, at + length),
		})
		at += align(length)
	}
	return messages
}

const lengthAt = (view: DataView, at: number): number => {
	const length = view.getUint32(at, true)
	if (length < NLMSG_HEADER || at + length > view.byteLength) {
		throw new DecodeError(`netlink message of ${length} bytes at ${at} of ${view.byteLength}`)
	}
	return length
}

/** The errno of an NLMSG_ERROR, 0 for an acknowledgement, undefined for any other message. */
export const errnoOf = ({type, payload}: NetlinkMessage): number | undefined => {
	if (type !== NLMSG_ERROR) {
		return undefined
	}
	if (payload.length < 4) {
		throw new DecodeError('netlink error without a number')
	}
	return -new DataView(payload.buffer, payload.byteOffset, payload.byteLength).getInt32(0, true)
}

/**
 * Whether a datagram ends what was asked last: with an error or acknowledgement, the end of a dump, or one message that
 * is no part of several. Read in place, because every datagram is looked at. A DecodeError as of `decodeMessages`.
 */
export const isLast = (datagram: Uint8Array, sequence: number): boolean => {
	const view = new DataView(datagram.buffer, datagram.byteOffset, datagram.byteLength)
	for (let at = 0; at + NLMSG_HEADER <= datagram.length; at += align(lengthAt(view, at))) {
		const type = view.getUint16(at + 4, true)
		const isEnd = type === NLMSG_ERROR || type === NLMSG_DONE || (view.getUint16(at + 6, true) & NLM_F_MULTI) === 0
		if (isEnd && view.getUint32(at + 8, true) === sequence) {
			return true
		}
	}
	return false
}

/** Whether a datagram asks for a dump, which is then all that it asks for. */
export const isDump = (datagram: Uint8Array): boolean =>
	datagram.length >= NLMSG_HEADER && (uint16At(datagram, 6) & NLM_F_DUMP) === NLM_F_DUMP

/** NLMSG_ALIGN and NLA_ALIGN. */
export const align = (length: number): number => (length + 3) & ~3
