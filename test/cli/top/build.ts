import type {History} from '../../../src/cli/top/history.ts'
import type {ServerReading, ServiceTraffic, TrafficRow} from '../../../src/cli/top/traffic.ts'
import type {Stats, Traffic} from '../../../src/state/stats.ts'
import {realServer, virtualServer} from '../../state/build.ts'

/** The same number of everything, unless it says otherwise. */
export const traffic = (all: number, fields: Partial<Traffic> = {}): Traffic => ({
	connections: all,
	packetsIn: all,
	packetsOut: all,
	bytesIn: all,
	bytesOut: all,
	...fields,
})

export const stats = (total: number, perSecond = 0): Stats => ({total: traffic(total), perSecond: traffic(perSecond)})

/** A virtual server with the counters of its real servers; its own are their sum. */
export const reading = (key: string, realServers: Readonly<Record<string, number>>, perSecond = 0): ServerReading => ({
	server: virtualServer(key),
	stats: stats(
		Object.values(realServers).reduce((sum, total) => sum + total, 0),
		perSecond,
	),
	realServers: Object.entries(realServers).map(([key, total]) => ({
		realServer: realServer(key),
		counters: {activeConnections: 1, inactiveConnections: 2},
		stats: stats(total, perSecond),
	})),
})

export const row = (name: string, fields: Partial<TrafficRow> = {}): TrafficRow => ({
	name,
	activeConnections: 0,
	inactiveConnections: 0,
	total: traffic(0),
	perSecond: traffic(0),
	...fields,
})

export const service = (name: string, fields: Partial<ServiceTraffic> = {}): ServiceTraffic => ({
	...row(name, fields),
	service: name,
	virtualServers: ['tcp 10.96.0.10:80'],
	endpoints: [],
	...fields,
})

/** The same of everything. */
export const historyOf = (...values: readonly number[]): Pick<History, 'of'> => ({of: () => values})
