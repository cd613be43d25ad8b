import type {Clock} from '../clock.ts'
import type {Doors} from './doors.ts'
import {createExec} from './exec.ts'
import {systemFiles} from './files.ts'
import {openNetlink} from './netlink/socket.ts'

/** The doors to the kernel of this machine, in the network namespace of this process. */
export const openSystemDoors = (clock: Clock): Doors => ({
	netlink: openNetlink(clock),
	exec: createExec(),
	files: systemFiles,
})
