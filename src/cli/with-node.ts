import {systemClock} from '../clock.ts'
import type {Doors} from '../kernel/doors.ts'
import {type Kernel, openKernel} from '../kernel/kernel.ts'
import {prepareKernel} from '../kernel/prepare.ts'
import {openSystemDoors} from '../kernel/system-doors.ts'
import {Failure} from './failure.ts'

/** Gives the kernel of this node to an action and closes it after that; `load` loads the modules that are needed. */
export const withNode = async <Result>(
	{load}: {readonly load: boolean},
	action: (kernel: Kernel, warnings: readonly string[]) => Promise<Result>,
): Promise<Result> => {
	const doors = openSystemDoors(systemClock)
	try {
		const {kernel, warnings} = await openChecked(doors, load)
		return await action(kernel, warnings)
	} finally {
		doors.netlink.close()
	}
}

/** Fails with all that the node lacks and what to do about each. */
const openChecked = async (doors: Doors, load: boolean) => {
	const {facts, variant, missing, warnings} = await prepareKernel(doors, {load})
	if (missing.length > 0) {
		const lines = missing.map(({what, remedy}) => `  ${what}: ${remedy}`)
		throw new Failure(`this node lacks what a service proxy for IPVS needs:\n${lines.join('\n')}`)
	}
	return {kernel: openKernel(doors, facts, variant), warnings}
}
