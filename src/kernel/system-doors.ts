import type {Clock} from '../clock.ts'
import type {Doors} from './doors.ts'
import {createExec, type Variables} from './exec.ts'
import {systemFiles} from './files.ts'
import {openNetlink} from './netlink/socket.ts'

/** The doors to the kernel of this machine, in the network namespace of this process; programs get the variables. */
export const openSystemDoors = (clock: Clock, variables?: Variables): Doors => ({
	netlink: openNetlink(clock),
	exec: createExec(undefined, variables),
	files: systemFiles,
})
