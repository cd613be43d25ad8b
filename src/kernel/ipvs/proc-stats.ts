import type {Stats, Traffic} from '../../state/stats.ts'

/** What all virtual servers of this network namespace have counted together. */
export const STATS_FILE = '/proc/net/ip_vs_stats'

/**
 * The numbers of that file, which are hexadecimal: totals in the first row, rates in the second (ip_vs_ctl.c,
 * ip_vs_stats_show). Undefined for anything else.
 */
export const parseStats = (text: string): Stats | undefined => {
	const [total, perSecond] = [...text.matchAll(ROW)].map(([row]) => trafficOf(row))
	return total && perSecond && {total, perSecond}
}

const ROW = /^ *(?:[0-9A-F]+ +){4}[0-9A-F]+ *$/gim

const trafficOf = (row: string): Traffic => {
	const numbers = row
		.trim()
		.split(/ +/)
		.map(word => Number.parseInt(word, 16))
	const [connections = 0, packetsIn = 0, packetsOut = 0, bytesIn = 0, bytesOut = 0] = numbers
	return {connections, packetsIn, packetsOut, bytesIn, bytesOut}
}
