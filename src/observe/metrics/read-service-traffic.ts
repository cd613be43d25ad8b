import type {VirtualServer, VirtualServerKey} from '../../state/ipvs.ts'
import type {RealServerStats, Traffic, VirtualServerStats} from '../../state/stats.ts'
import type {EndpointTraffic, ServerTraffic, ServiceTraffic} from './traffic-source.ts'

/** Who reads counters from the kernel. */
export interface StatsReader {
	/** Each once: a sample must not be there twice. */
	readonly readStats: (isAskedFor: (found: VirtualServerStats) => boolean) => Promise<readonly VirtualServerStats[]>
	readonly readRealServerStats: (server: VirtualServer) => Promise<readonly RealServerStats[]>
}

/**
 * What passed through the virtual servers of Services. Those that nobody has used are left out, and so are their
 * endpoints: on most nodes of a large cluster they are almost all.
 */
export const readServiceTraffic = async (
	reader: StatsReader,
	serviceOf: (server: VirtualServerKey) => string | undefined,
	detail: 'service' | 'endpoint',
): Promise<ServiceTraffic> => {
	const found = await reader.readStats(({server, stats}) => isUsed(stats.total) && serviceOf(server.key) !== undefined)
	const servers: ServerTraffic[] = []
	const endpoints: EndpointTraffic[] = []
	for (const {server, stats} of found) {
		const {key: virtualServer} = server
		const service = serviceOf(virtualServer)
		if (service === undefined) {
			continue
		}
		servers.push({service, virtualServer, total: stats.total})
		for (const {realServer, counters, stats} of detail === 'endpoint' ? await reader.readRealServerStats(server) : []) {
			if (isUsed(stats.total)) {
				endpoints.push({service, virtualServer, realServer: realServer.key, counters, total: stats.total})
			}
		}
	}
	return {servers, endpoints}
}

const isUsed = ({connections, packetsIn}: Traffic): boolean => connections > 0 || packetsIn > 0
