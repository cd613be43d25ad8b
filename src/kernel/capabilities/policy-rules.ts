import type {Family} from '../../net/address.ts'
import {RTM_GETRULE} from '../addresses/constants.ts'
import {encodeDump} from '../addresses/encode.ts'
import type {Doors} from '../doors.ts'
import {NETLINK_ROUTE} from '../netlink/constants.ts'
import {request} from '../netlink/dump.ts'
import {familyNumber} from '../netlink/family.ts'
import {NetlinkError} from '../netlink/netlink-error.ts'
import {Sequence} from '../netlink/sequence.ts'

/** Whether the kernel chooses routes of all these families by rules (CONFIG_IP_MULTIPLE_TABLES and its like of IPv6). */
export const hasPolicyRules = async (
	{netlink}: Pick<Doors, 'netlink'>,
	families: readonly Family[],
): Promise<boolean> => {
	try {
		for (const family of families) {
			const header = new Uint8Array(12).fill(familyNumber(family), 0, 1)
			await request(netlink, NETLINK_ROUTE, encodeDump(RTM_GETRULE, header), new Sequence())
		}
		return true
	} catch (error) {
		if (error instanceof NetlinkError && LACKING.has(error.code)) {
			return false
		}
		throw error
	}
}

/** As Node.js calls EOPNOTSUPP. */
const LACKING: ReadonlySet<string> = new Set(['ENOTSUP', 'EAFNOSUPPORT'])
