import type {Missing} from '../capabilities/missing.ts'
import type {IpvsClient} from './client.ts'
import {tryOut} from './trial.ts'

/** Whether the kernel has the scheduler, which a virtual server that uses it proves. Without one it is tried out. */
export const probeScheduler = async (ipvs: IpvsClient, scheduler: string): Promise<Missing | undefined> => {
	if (await ipvs.isInUse(scheduler)) {
		return undefined
	}
	const present = await ipvs.readVirtualServers()
	const code = await tryOut(ipvs, {scheduler, persistence: undefined}, present)
	return code === undefined ? undefined : explain(scheduler, code)
}

const explain = (scheduler: string, code: string): Missing => {
	switch (code) {
		case 'ENOENT':
			return {
				what: `the IPVS scheduler ${scheduler} in the kernel`,
				remedy: `load the module on the node: modprobe ip_vs_${scheduler}; or name another one in the field scheduler`,
			}
		case 'EPERM':
			return {what: 'the right to change IPVS', remedy: 'run as root, or with the capability NET_ADMIN'}
		default:
			return {
				what: `a virtual server with the scheduler ${scheduler} (${code})`,
				remedy: 'look into the log of the kernel: dmesg',
			}
	}
}
