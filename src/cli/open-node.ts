import {systemClock} from '../clock.ts'
import {type Kernel, openKernel} from '../kernel/kernel.ts'
import {prepareKernel} from '../kernel/prepare.ts'
import {openSystemDoors} from '../kernel/system-doors.ts'
import {Failure} from './failure.ts'

/** The kernel of this node; fails with all that it lacks and what to do about each. */
export const openNode = async ({load}: {readonly load: boolean}): Promise<Kernel> => {
	const doors = openSystemDoors(systemClock)
	const {families, missing} = await prepareKernel(doors, {load})
	if (missing.length > 0) {
		doors.netlink.close()
		const lines = missing.map(({what, remedy}) => `  ${what}: ${remedy}`)
		throw new Failure(`this node lacks what a service proxy for IPVS needs:\n${lines.join('\n')}`)
	}
	return openKernel(doors, families)
}
