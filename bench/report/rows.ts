import type {ChangeResult, Result} from '../result.ts'

/** One number as it is shown. */
export interface Row {
	readonly section: 'ratio' | 'coldSync' | 'change' | 'process' | 'peer'
	readonly title: string
	readonly show: (run: Result) => string | undefined
}

const number = (value: number | undefined, unit: string): string | undefined =>
	value === undefined || !Number.isFinite(value) ? undefined : `${format(value)}${unit}`

/** Three digits. */
const format = (value: number): string => {
	const size = Math.abs(value)
	if (size >= 100 || Number.isInteger(value)) {
		return Math.round(value).toLocaleString('en-US')
	}
	return value.toFixed(size >= 10 ? 1 : 2)
}

const quotient = (a: number | undefined, b: number | undefined): number | undefined =>
	a !== undefined && b ? a / b : undefined

const changeRows = (title: string, of: (run: Result) => ChangeResult | undefined): readonly Row[] => [
	{section: 'change', title: `${title}, median`, show: run => number(of(run)?.medianMs, ' ms')},
	{section: 'change', title: `${title}, 99 of 100`, show: run => number(of(run)?.p99Ms, ' ms')},
	{section: 'change', title: `${title}, CPU time`, show: run => number(of(run)?.cpuMs, ' ms')},
	{
		section: 'change',
		title: `${title}, operations sent / needed`,
		show: run => {
			const change = of(run)
			return change && `${number(change.operations, '')} / ${number(change.needed, '')}`
		},
	},
]

const stageRow = (stage: keyof NonNullable<NonNullable<Result['coldSync']>['stages']>): Row => ({
	section: 'coldSync',
	title: `of which ${stage}`,
	show: ({coldSync}) => number(coldSync?.stages?.[stage], ' s'),
})

export const ROWS: readonly Row[] = [
	{section: 'ratio', title: 'cold sync / floor', show: ({coldSync}) => number(coldSync?.ratioToFloor, '')},
	{
		section: 'ratio',
		title: 'ipvsadm, ip and ipset / cold sync',
		show: ({coldSync}) => number(coldSync?.fasterThanIpvsadm, ''),
	},
	{
		section: 'ratio',
		title: 'keepalived load / cold sync',
		show: ({coldSync}) => number(quotient(coldSync?.keepalivedSeconds, coldSync?.seconds), ''),
	},
	{
		section: 'ratio',
		title: 'keepalived reload / one change',
		show: ({keepalived, change}) =>
			number(quotient((keepalived?.reloadSeconds ?? 0) * 1000, change?.medianMs) || undefined, ''),
	},
	{
		section: 'ratio',
		title: 'keepalived memory / memory',
		show: ({keepalived, memory}) => number(quotient(keepalived?.rssMb, memory?.rssMb), ''),
	},
	{section: 'coldSync', title: 'cold sync', show: ({coldSync}) => number(coldSync?.seconds, ' s')},
	{
		section: 'coldSync',
		title: 'cold sync, per Service',
		show: ({coldSync}) => number(coldSync?.microsecondsPerService, ' us'),
	},
	...(['model', 'desired', 'plan', 'encode', 'netlink', 'ipset', 'iptables', 'gc', 'other'] as const).map(stageRow),
	{section: 'coldSync', title: 'operations', show: ({coldSync}) => number(coldSync?.operations, '')},
	{section: 'coldSync', title: 'netlink datagrams', show: ({coldSync}) => number(coldSync?.sends, '')},
	{section: 'coldSync', title: 'processes started', show: ({coldSync}) => number(coldSync?.processes, '')},
	...changeRows('endpoint changed', ({change}) => change),
	...changeRows('endpoint on this node changed', ({otherChanges}) => otherChanges?.localEndpoint),
	...changeRows('Service added', ({otherChanges}) => otherChanges?.added),
	...changeRows('Service removed', ({otherChanges}) => otherChanges?.removed),
	{section: 'change', title: 'churn, 100 changes/s: median', show: ({churn}) => number(churn?.medianMs, ' ms')},
	{section: 'change', title: 'churn, 99 of 100', show: ({churn}) => number(churn?.p99Ms, ' ms')},
	{section: 'change', title: 'churn, largest backlog', show: ({churn}) => number(churn?.maxBacklog, '')},
	{section: 'change', title: 'churn, of one CPU', show: ({churn}) => number(churn && churn.cpu * 100, ' %')},
	{section: 'process', title: 'audit', show: ({audit}) => number(audit?.seconds, ' s')},
	{section: 'process', title: 'audit, operations', show: ({audit}) => number(audit?.operations, '')},
	{
		section: 'process',
		title: 'a change during an audit is taken in after at most',
		show: ({audit}) => number(audit?.maxWaitMs, ' ms'),
	},
	{
		section: 'process',
		title: 'and is in the kernel after at most',
		show: ({audit}) => number(audit?.maxLatencyMs, ' ms'),
	},
	{
		section: 'process',
		title: 'longest time that an audit does not listen',
		show: ({audit}) => number(audit?.maxBlockedMs, ' ms'),
	},
	{
		section: 'process',
		title: 'process start to first sync',
		show: ({startup}) => number(startup && startup.firstSyncMs / 1000, ' s'),
	},
	{
		section: 'process',
		title: "of which the API server's CPU time",
		show: ({startup}) => number(startup && startup.apiServerCpuMs / 1000, ' s'),
	},
	{
		section: 'process',
		title: 'restart to first sync',
		show: ({restart}) => number(restart && restart.firstSyncMs / 1000, ' s'),
	},
	{section: 'process', title: 'restart, operations', show: ({restart}) => number(restart?.operations, '')},
	{section: 'process', title: 'resident memory', show: ({memory}) => number(memory?.rssMb, ' MB')},
	{section: 'process', title: 'resident memory, at most', show: ({memory}) => number(memory?.peakMb, ' MB')},
	{section: 'process', title: 'resident memory after churn', show: ({memory}) => number(memory?.churn?.rssMb, ' MB')},
	{
		section: 'process',
		title: 'its growth over the last half',
		show: ({memory}) => number(memory?.churn?.growthPercent, ' %'),
	},
	{section: 'peer', title: 'floor', show: ({floor}) => number(floor?.seconds, ' s')},
	{section: 'peer', title: 'floor, sets over netlink as well', show: ({floor}) => number(floor?.netlinkSeconds, ' s')},
	{section: 'peer', title: 'ipvsadm -R, ip -batch, ipset restore', show: ({ipvsadm}) => number(ipvsadm?.seconds, ' s')},
	{section: 'peer', title: 'keepalived, load', show: ({keepalived}) => number(keepalived?.loadSeconds, ' s')},
	{
		section: 'peer',
		title: 'keepalived, reload after one change',
		show: ({keepalived}) => number(keepalived?.reloadSeconds, ' s'),
	},
	{section: 'peer', title: 'keepalived, resident memory', show: ({keepalived}) => number(keepalived?.rssMb, ' MB')},
]
