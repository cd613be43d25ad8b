import {systemClock} from '../clock.ts'
import type {Config} from '../config/fields.ts'
import {CommandError} from '../kernel/command-error.ts'
import {LostReplies} from '../kernel/doors.ts'
import {NetlinkError} from '../kernel/netlink/netlink-error.ts'
import {openSystemDoors} from '../kernel/system-doors.ts'
import {Failure} from './failure.ts'
import {type OpenNode, openNode} from './open-node.ts'

/** Gives this node to an action and closes it after that; `load` sets up what `run` needs. */
export const withNode = async <Result>(
	config: Config,
	{load}: {readonly load: boolean},
	action: (node: OpenNode) => Promise<Result>,
): Promise<Result> => {
	const doors = openSystemDoors(systemClock)
	try {
		return await action(await openNode(doors, config, {load}))
	} catch (error) {
		throw isOfKernel(error) ? new Failure(`this node cannot be read: ${error.message}`) : error
	} finally {
		doors.netlink.close()
	}
}

/** What no command can help, and needs no trace of this program. */
const isOfKernel = (error: unknown): error is Error =>
	error instanceof CommandError || error instanceof NetlinkError || error instanceof LostReplies
