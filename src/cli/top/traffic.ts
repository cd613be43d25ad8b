import type {RealServerKey, VirtualServerKey} from '../../state/ipvs.ts'
import type {RealServerStats, Traffic, VirtualServerStats} from '../../state/stats.ts'

/** What the kernel says of one virtual server at one time. */
export interface ServerReading extends VirtualServerStats {
	readonly realServers: readonly RealServerStats[]
}

/** What goes through one Service, or to one endpoint. */
export interface TrafficRow {
	readonly name: string
	readonly activeConnections: number
	readonly inactiveConnections: number
	readonly total: Traffic
	readonly perSecond: Traffic
}

export interface ServiceTraffic extends TrafficRow {
	/** `namespace/name`; where it is not known, the name is that of the virtual server. */
	readonly service: string | undefined
	readonly virtualServers: readonly VirtualServerKey[]
	readonly endpoints: readonly TrafficRow[]
}

const NO_TRAFFIC: Traffic = {connections: 0, packetsIn: 0, packetsOut: 0, bytesIn: 0, bytesOut: 0}

const mapTraffic = (make: (field: keyof Traffic) => number): Traffic => ({
	connections: make('connections'),
	packetsIn: make('packetsIn'),
	packetsOut: make('packetsOut'),
	bytesIn: make('bytesIn'),
	bytesOut: make('bytesOut'),
})

export const sumTraffic = ([first = NO_TRAFFIC, ...others]: readonly Traffic[]): Traffic =>
	others.length === 0 ? first : mapTraffic(field => others.reduce((sum, part) => sum + part[field], first[field]))

/**
 * By Service, where `ownerOf` knows it. A Service is what went through its virtual servers, with all endpoints that they
 * have in common.
 */
export const groupByService = (
	readings: readonly ServerReading[],
	ownerOf: (server: VirtualServerKey) => string | undefined,
): readonly ServiceTraffic[] => {
	const groups = Map.groupBy(readings, ({server}) => ownerOf(server.key) ?? server.key)
	return [...groups].map(([name, group]) => {
		const endpoints = endpointsOf(group.flatMap(({realServers}) => realServers))
		return {
			name,
			service: group.map(({server}) => ownerOf(server.key))[0],
			activeConnections: sum(endpoints.map(endpoint => endpoint.activeConnections)),
			inactiveConnections: sum(endpoints.map(endpoint => endpoint.inactiveConnections)),
			total: sumTraffic(group.map(({stats}) => stats.total)),
			perSecond: sumTraffic(group.map(({stats}) => stats.perSecond)),
			virtualServers: group.map(({server}) => server.key).sort(),
			endpoints,
		}
	})
}

const endpointsOf = (realServers: readonly RealServerStats[]): readonly TrafficRow[] => {
	const groups = Map.groupBy(realServers, ({realServer}): RealServerKey => realServer.key)
	return [...groups].map(([name, group]) => ({
		name,
		activeConnections: sum(group.map(({counters}) => counters.activeConnections)),
		inactiveConnections: sum(group.map(({counters}) => counters.inactiveConnections)),
		total: sumTraffic(group.map(({stats}) => stats.total)),
		perSecond: sumTraffic(group.map(({stats}) => stats.perSecond)),
	}))
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
