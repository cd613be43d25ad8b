import {expect} from 'chai'
import {readServiceTraffic} from '../../../src/observe/metrics/read-service-traffic.ts'
import type {Traffic, VirtualServerStats} from '../../../src/state/stats.ts'
import {realServer, virtualServer} from '../../state/build.ts'

const [WEB, DNS, FOREIGN] = ['tcp 10.96.0.10:80', 'udp 10.96.0.11:53', 'tcp 198.51.100.1:80'] as const
const OWNERS: ReadonlyMap<string, string> = new Map([
	[WEB, 'ns/web'],
	[DNS, 'ns/dns'],
])
const NONE: Traffic = {connections: 0, packetsIn: 0, packetsOut: 0, bytesIn: 0, bytesOut: 0}

/** Totals are told, rates are not. */
const statsOf = (total: Partial<Traffic>) => ({total: {...NONE, ...total}, perSecond: {...NONE, connections: 99}})
const of = (key: string, total: Partial<Traffic>): VirtualServerStats => ({
	server: virtualServer(key),
	stats: statsOf(total),
})

/** A kernel that has these virtual servers, each with an endpoint in use and an idle one. */
const read = async (detail: 'service' | 'endpoint', dump: readonly VirtualServerStats[]) => {
	const asked: string[] = []
	const counters = {activeConnections: 2, inactiveConnections: 1}
	const traffic = await readServiceTraffic(
		{
			readStats: async isAskedFor => dump.filter(isAskedFor),
			readRealServerStats: async ({key}) => {
				asked.push(key)
				return [
					{realServer: realServer('10.244.1.5:8080'), counters, stats: statsOf({packetsIn: 1})},
					{realServer: realServer('10.244.1.6:8080'), counters, stats: statsOf({})},
				]
			},
		},
		key => OWNERS.get(key),
		detail,
	)
	const servers = traffic.servers.map(({service, virtualServer, total}) => [service, virtualServer, total.connections])
	const endpoints = traffic.endpoints.map(({service, virtualServer, realServer}) => [
		service,
		virtualServer,
		realServer,
	])
	return {servers, endpoints, asked}
}

describe('the traffic of Services', () => {
	it('is that of virtual servers of Services with one connection or one packet at least', async () => {
		const {servers} = await read('service', [
			of(WEB, {connections: 1}),
			of(DNS, {packetsIn: 1}),
			of(FOREIGN, {connections: 5}),
		])
		expect(servers).to.deep.equal([
			['ns/web', WEB, 1],
			['ns/dns', DNS, 0],
		])
		expect((await read('service', [of(WEB, {}), of(DNS, {})])).servers).to.deep.equal([])
	})

	it('costs no look at endpoints where these are not asked for', async () => {
		const {endpoints, asked} = await read('service', [of(WEB, {connections: 1})])
		expect({endpoints, asked}).to.deep.equal({endpoints: [], asked: []})
	})

	it('is that of each endpoint in use, where these are asked for', async () => {
		const {endpoints, asked} = await read('endpoint', [of(WEB, {connections: 1}), of(DNS, {})])
		expect(endpoints).to.deep.equal([['ns/web', WEB, '10.244.1.5:8080']])
		expect(asked).to.deep.equal([WEB])
	})
})
