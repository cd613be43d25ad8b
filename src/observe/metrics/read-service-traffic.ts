import type {VirtualServer, VirtualServerKey} from '../../state/ipvs.ts'
import type {RealServerStats, Traffic, VirtualServerStats} from '../../state/stats.ts'
import type {EndpointTraffic, ServerTraffic, ServiceTraffic} from './traffic-source.ts'

/** Who reads counters from the kernel. */
export interface StatsReader {
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
	// What changes meanwhile may be dumped twice; a sample must be there once.
	const servers = new Map<string, ServerTraffic>()
	const endpoints = new Map<string, EndpointTraffic>()
	for (const {server, stats} of found) {
		const {key: virtualServer} = server
		const service = serviceOf(virtualServer)
		if (service === undefined) {
			continue
		}
		servers.set(virtualServer, {service, virtualServer, total: stats.total})
		for (const {realServer, counters, stats} of detail === 'endpoint' ? await reader.readRealServerStats(server) : []) {
			if (isUsed(stats.total)) {
				const endpoint = {service, virtualServer, realServer: realServer.key, counters, total: stats.total}
				endpoints.set(`${virtualServer} ${realServer.key}`, endpoint)
			}
		}
	}
	return {servers: [...servers.values()], endpoints: [...endpoints.values()]}
}

const isUsed = ({connections, packetsIn}: Traffic): boolean => connections > 0 || packetsIn > 0
