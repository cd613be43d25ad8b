import {NLMSG_ERROR, NLMSG_HEADER} from './constants.ts'
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
		const length = view.getUint32(at, true)
		if (length < NLMSG_HEADER || at + length > datagram.length) {
			throw new DecodeError(`netlink message of ${length} bytes at ${at} of ${datagram.length}`)
		}
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

/** NLMSG_ALIGN and NLA_ALIGN. */
export const align = (length: number): number => (length + 3) & ~3
