import type {NoticeListener} from '../doors.ts'
import type {NetlinkProtocol} from './constants.ts'
import {openRawSocket} from './raw-socket.ts'
import {dropOverflow} from './socket-options.ts'

/**
 * A socket of its own for notices: they come whenever they like, and must not push out the answers to commands. It
 * joins the groups when it can no longer abort the process. Resolves with what closes it.
 */
export const listen = async (
	protocol: NetlinkProtocol,
	groups: readonly number[],
	{onNotice, onEnd}: NoticeListener,
): Promise<() => void> => {
	let isOpen = true
	const close = () => {
		if (isOpen) {
			isOpen = false
			socket.close()
		}
	}
	const end = (cause: unknown) => {
		if (isOpen) {
			close()
			onEnd(cause)
		}
	}
	const socket = openRawSocket(protocol, onNotice, end)
	try {
		await dropOverflow(socket.port)
		groups.forEach(socket.join)
		return close
	} catch (error) {
		close()
		throw error
	}
}
