import type {NetlinkDoor} from '../doors.ts'
import {IPSET_PROTOCOL} from '../ipset/constants.ts'
import {decodeProtocol} from '../ipset/decode.ts'
import {encodeProtocol} from '../ipset/encode.ts'
import {NETLINK_NETFILTER} from '../netlink/constants.ts'
import {request} from '../netlink/dump.ts'
import {NetlinkError} from '../netlink/netlink-error.ts'
import {Sequence} from '../netlink/sequence.ts'
import {type Missing, RIGHT_REMEDY} from './missing.ts'

/** Sets, where the kernel has none, none that we know how to ask for, or none for us. Rejects with LostReplies. */
export const missingIpset = async (door: NetlinkDoor): Promise<readonly Missing[]> => {
	try {
		const [reply] = await request(door, NETLINK_NETFILTER, encodeProtocol(), new Sequence())
		const {newest, oldest} = decodeProtocol(reply?.payload ?? new Uint8Array())
		return oldest <= IPSET_PROTOCOL && IPSET_PROTOCOL <= newest ? [] : [otherProtocol(oldest, newest)]
	} catch (error) {
		if (error instanceof NetlinkError) {
			return [error.code === 'EPERM' ? NO_RIGHT : NO_IPSET]
		}
		throw error
	}
}

const NO_RIGHT: Missing = {what: 'the right to use ipset', remedy: RIGHT_REMEDY}
const NO_IPSET: Missing = {what: 'ipset in the kernel', remedy: 'load the module on the node: modprobe ip_set'}

const otherProtocol = (oldest: number, newest: number): Missing => ({
	what: `ipset of protocol ${IPSET_PROTOCOL} in the kernel: it speaks ${oldest} to ${newest}`,
	remedy: 'run another kernel; those from Linux 2.6.39 on have it',
})
