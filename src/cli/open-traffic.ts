import {systemClock} from '../clock.ts'
import type {Doors, NetlinkDoor} from '../kernel/doors.ts'
import {IpvsClient} from '../kernel/ipvs/client.ts'
import {parseStats, STATS_FILE} from '../kernel/ipvs/proc-stats.ts'
import {openNetlink} from '../kernel/netlink/socket.ts'
import type {ObjectKey} from '../model/object.ts'
import {readServiceTraffic} from '../observe/metrics/read-service-traffic.ts'
import type {TrafficSource} from '../observe/metrics/traffic-source.ts'
import type {VirtualServerKey} from '../state/ipvs.ts'

/**
 * The counters of IPVS, over a socket of their own that is open from the time it is needed until the signal is aborted: on
 * that of the syncs a change would wait for the end of the dump.
 */
export const openTraffic = (
	doors: Doors,
	serviceOf: (server: VirtualServerKey) => ObjectKey | undefined,
	signal: AbortSignal,
): TrafficSource => {
	let netlink: NetlinkDoor | undefined
	signal.addEventListener('abort', () => netlink?.close(), {once: true})
	return {
		total: async () => parseStats((await doors.files.read(STATS_FILE)) ?? ''),
		services: async detail => {
			signal.throwIfAborted()
			netlink ??= openNetlink(systemClock)
			return readServiceTraffic(new IpvsClient({...doors, netlink}), serviceOf, detail)
		},
	}
}
