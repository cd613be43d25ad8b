import {VIP_DEVICE} from '../../state/addresses.ts'
import {LOOPBACK_INDEX, RTM_GETLINK} from '../addresses/constants.ts'
import {decodeLink, decodeMTU} from '../addresses/decode.ts'
import {encodeDump} from '../addresses/encode.ts'
import type {Doors} from '../doors.ts'
import {NETLINK_ROUTE} from '../netlink/constants.ts'
import {request} from '../netlink/dump.ts'
import {Sequence} from '../netlink/sequence.ts'

/** The smallest MTU of the interfaces that are up; undefined without any, or where the kernel cannot clamp segments. */
export const findSmallestMTU = async (doors: Doors): Promise<number | undefined> => {
	if (!(await canClamp(doors))) {
		return undefined
	}
	const dump = encodeDump(RTM_GETLINK, new Uint8Array(16))
	const links = await request(doors.netlink, NETLINK_ROUTE, dump, new Sequence())
	const sizes = links.flatMap(({payload}) => {
		const {index, name, isUp} = decodeLink(payload)
		return isUp && index !== LOOPBACK_INDEX && name !== VIP_DEVICE ? decodeMTU(payload) : []
	})
	return sizes.length === 0 ? undefined : Math.min(...sizes)
}

/** A rule whose target is missing would keep all other rules from being made, so this is asked before. */
const canClamp = async ({exec, files}: Doors): Promise<boolean> =>
	(await exec.run('modprobe', ['-n', '-q', 'xt_TCPMSS'])).exitCode === 0 ||
	(await files.read('/sys/module/xt_TCPMSS/initstate')) !== undefined ||
	((await files.read('/proc/net/ip_tables_targets')) ?? '').split('\n').includes('TCPMSS')
