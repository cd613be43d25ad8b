import {systemClock} from '../clock.ts'
import {LostReplies} from '../kernel/doors.ts'
import {IpvsClient} from '../kernel/ipvs/client.ts'
import {NetlinkError} from '../kernel/netlink/netlink-error.ts'
import {openSystemDoors} from '../kernel/system-doors.ts'
import {Failure} from './failure.ts'

export const NO_IPVS = 'there is no IPVS in the kernel: load the module on the node: modprobe ip_vs'

/**
 * Gives IPVS to an action, and nothing else of the node: it works where `run` would not. Loads the module if need be, as
 * ipvsadm does. Reads over netlink alone, because the file does not show all settings.
 */
export const withIpvs = async <Result>(action: (ipvs: IpvsClient) => Promise<Result>): Promise<Result> => {
	const doors = openSystemDoors(systemClock)
	try {
		await doors.exec.run('modprobe', ['-q', 'ip_vs'])
		return await action(new IpvsClient(doors, 0))
	} catch (error) {
		if (error instanceof LostReplies) {
			throw new Failure(`IPVS cannot be read: ${error.message}`)
		}
		throw error instanceof NetlinkError ? new Failure(explain(error)) : error
	} finally {
		doors.netlink.close()
	}
}

const explain = ({code}: NetlinkError): string => {
	switch (code) {
		case 'ENOENT':
			return NO_IPVS
		case 'EPERM':
			return 'there is no right to use IPVS: run as root, or with the capability NET_ADMIN'
		default:
			return `IPVS cannot be read: ${code}`
	}
}
