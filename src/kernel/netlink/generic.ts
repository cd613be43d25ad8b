import type {NetlinkDoor} from '../doors.ts'
import {decodeAttributes, uint16Of} from './attributes.ts'
import {text} from './bytes.ts'
import * as k from './constants.ts'
import {request} from './dump.ts'
import {NetlinkError} from './netlink-error.ts'
import type {Sequence} from './sequence.ts'
import {Template} from './template.ts'

/** The number of a generic netlink family; rejects with ENOENT where the kernel does not have it. */
export const resolveFamily = async (door: NetlinkDoor, name: string, sequence: Sequence): Promise<number> => {
	const template = new Template<never>({
		type: k.GENL_ID_CTRL,
		flags: k.NLM_F_REQUEST,
		header: new Uint8Array([k.CTRL_CMD_GETFAMILY, 1, 0, 0]),
		fields: [{type: k.CTRL_ATTR_FAMILY_NAME, bytes: text(name)}],
	})
	const [reply] = await request(
		door,
		k.NETLINK_GENERIC,
		template.fill(() => undefined),
		sequence,
	)
	if (!reply) {
		throw new NetlinkError(2)
	}
	return uint16Of(decodeAttributes(reply.payload.subarray(k.GENL_HEADER)), k.CTRL_ATTR_FAMILY_ID)
}
