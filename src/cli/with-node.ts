import {systemClock} from '../clock.ts'
import type {Config} from '../config/fields.ts'
import {openSystemDoors} from '../kernel/system-doors.ts'
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
	} finally {
		doors.netlink.close()
	}
}
