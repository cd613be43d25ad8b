import type {Clock} from '../clock.ts'
import {IFF_UP, LOOPBACK_INDEX, RTM_NEWLINK} from './addresses/constants.ts'
import {openCLibrary} from './c-library.ts'
import type {Doors, NetlinkDoor} from './doors.ts'
import {sendInBatches} from './netlink/batch.ts'
import {uint32} from './netlink/bytes.ts'
import {NETLINK_ROUTE, NLM_F_REQUEST} from './netlink/constants.ts'
import {Sequence} from './netlink/sequence.ts'
import {Template} from './netlink/template.ts'
import {openSystemDoors} from './system-doors.ts'

// linux/sched.h
const CLONE_NEWNET = 0x4000_0000

/** iptables(8): rules of this namespace are nobody else's, so there is no need to wait for who changes those of the node. */
const OWN_LOCK = {XTABLES_LOCKFILE: '/dev/null'}

/**
 * Doors to a network namespace that is nobody's: whatever is made there is gone with this process, however it ends.
 * From then on all that this thread opens is there. Files below /proc/sys/net are still those of the namespace before,
 * because other threads read them. Undefined where this process may have none.
 */
export const openScratchDoors = async (clock: Clock): Promise<Doors | undefined> => {
	if (!(await unshareNetwork())) {
		return undefined
	}
	const doors = openSystemDoors(clock, OWN_LOCK)
	await raiseLoopback(doors.netlink)
	return doors
}

const unshareNetwork = async (): Promise<boolean> => {
	try {
		const {func} = await openCLibrary()
		return func('int unshare(int)')(CLONE_NEWNET) === 0
	} catch {
		return false
	}
}

/** As on any node: without it no address is local, and IPv6 has no routes. */
const raiseLoopback = async (door: NetlinkDoor): Promise<void> => {
	const up = new Template<never>({
		type: RTM_NEWLINK,
		flags: NLM_F_REQUEST,
		// struct ifinfomsg: of any family and type; the index, the flags and which of them change.
		header: new Uint8Array([...uint32(0), ...uint32(LOOPBACK_INDEX), ...uint32(IFF_UP), ...uint32(IFF_UP)]),
		fields: [],
	})
	await sendInBatches(door, NETLINK_ROUTE, [up.fill(() => undefined)], new Sequence())
}
