import type {Family} from '../../net/address.ts'
import type {RealServerStats, Stats, VirtualServerStats} from '../../state/stats.ts'
import {AttributeTable} from '../netlink/attribute-table.ts'
import {GENL_HEADER} from '../netlink/constants.ts'
import * as k from './constants.ts'
import {decodeVirtualServer} from './decode.ts'
import {decodeRealServer} from './decode-real-server.ts'

/** A service with its counters, from the payload of a message; DecodeError for anything that is none. */
export const decodeVirtualServerStats = (payload: Uint8Array): VirtualServerStats => ({
	server: decodeVirtualServer(payload),
	stats: decodeStats(payload, k.IPVS_CMD_ATTR_SERVICE, [k.IPVS_SVC_ATTR_STATS64, k.IPVS_SVC_ATTR_STATS]),
})

/** One destination of a service with its counters; `family` is that of the service. */
export const decodeRealServerStats = (payload: Uint8Array, family: Family): RealServerStats => ({
	...decodeRealServer(payload, family),
	stats: decodeStats(payload, k.IPVS_CMD_ATTR_DEST, [k.IPVS_DEST_ATTR_STATS64, k.IPVS_DEST_ATTR_STATS]),
})

/** The counters at hand. */
const table = new AttributeTable()

/** Of the first kind that is there: those of 64 bits came with Linux 4.1, and the others are cut off. */
const decodeStats = (payload: Uint8Array, object: number, kinds: readonly [number, number]): Stats => {
	table.read(payload, GENL_HEADER)
	table.readNested(object)
	table.readNested(table.has(kinds[0]) ? kinds[0] : kinds[1])
	return {
		total: {
			connections: table.number(k.IPVS_STATS_ATTR_CONNS),
			packetsIn: table.number(k.IPVS_STATS_ATTR_INPKTS),
			packetsOut: table.number(k.IPVS_STATS_ATTR_OUTPKTS),
			bytesIn: table.number(k.IPVS_STATS_ATTR_INBYTES),
			bytesOut: table.number(k.IPVS_STATS_ATTR_OUTBYTES),
		},
		perSecond: {
			connections: table.number(k.IPVS_STATS_ATTR_CPS),
			packetsIn: table.number(k.IPVS_STATS_ATTR_INPPS),
			packetsOut: table.number(k.IPVS_STATS_ATTR_OUTPPS),
			bytesIn: table.number(k.IPVS_STATS_ATTR_INBPS),
			bytesOut: table.number(k.IPVS_STATS_ATTR_OUTBPS),
		},
	}
}
