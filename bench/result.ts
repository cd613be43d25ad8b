import type {FloorResult} from './floor/floor.ts'
import type {Machine} from './machine.ts'
import type {Audit} from './own/audit.ts'
import type {Change} from './own/change.ts'
import type {Churn} from './own/churn.ts'
import type {ColdSync} from './own/cold-sync.ts'
import type {Heap} from './own/heap.ts'
import {CHANGE_KINDS, type ChangeKind} from './own/needed.ts'
import type {CodeStage, Shares} from './own/profile.ts'
import type {IpvsadmResult} from './peers/ipvsadm.ts'
import type {KeepalivedResult} from './peers/keepalived.ts'
import type {RawResults, RawRun} from './raw-results.ts'
import type {WholeProcess} from './whole/measure-process.ts'

/** Seconds of each stage of a cold sync. */
export type Stages = Readonly<
	Record<'model' | 'desired' | 'plan' | 'encode' | 'netlink' | 'ipset' | 'iptables' | 'gc' | 'other', number>
>

export interface ColdSyncResult {
	readonly seconds: number
	readonly floorSeconds?: number
	readonly ratioToFloor?: number
	readonly ipvsadmSeconds?: number
	/** How many times as fast it is. */
	readonly fasterThanIpvsadm?: number
	readonly keepalivedSeconds?: number
	readonly stages?: Stages
	readonly operations: number
	readonly sends: number
	readonly processes: number
	readonly microsecondsPerService: number
}

/** Per change: `operations` that were sent, `needed` as the scenario has it. */
export interface ChangeResult {
	readonly medianMs: number
	readonly p99Ms: number
	readonly cpuMs: number
	readonly operations: number
	readonly needed: number
	readonly sends: number
	readonly processes: number
	readonly changes: number
}

/** All of one size. Megabytes are of 1,000,000 bytes. What was not measured, or took longer than its limit, is left out. */
export interface Result {
	readonly services: number
	readonly endpoints: number
	readonly coldSync?: ColdSyncResult
	readonly floor?: FloorResult
	readonly ipvsadm?: IpvsadmResult
	readonly keepalived?: {readonly loadSeconds?: number; readonly reloadSeconds?: number; readonly rssMb?: number}
	readonly change?: ChangeResult
	readonly otherChanges?: Readonly<Record<Exclude<ChangeKind, 'endpoint'>, ChangeResult>>
	readonly audit?: Audit
	readonly churn?: Churn
	readonly startup?: WholeProcess['startup']
	readonly restart?: WholeProcess['restart']
	readonly memory?: WholeProcess['memory']
	readonly heap?: Heap
	readonly failures?: RawRun['failures']
}

export interface Report {
	readonly machine: Machine & {readonly hostCpu: string; readonly hostCores: number}
	readonly date: string
	readonly arguments: readonly string[]
	readonly runs: readonly Result[]
}

/** With one size its numbers stand at the top level, beside the machine. */
export const fileOf = ({runs, ...about}: Report): object => {
	const [only] = runs
	return runs.length === 1 && only ? {...only, ...about} : {runs, ...about}
}

/** The reverse, for who reads such a file. */
export const reportOf = (file: object): Report => {
	if ('runs' in file) {
		return file as Report
	}
	const {machine, date, arguments: args, ...only} = file as Result & Omit<Report, 'runs'>
	return {machine, date, arguments: args, runs: [only]}
}

export const resultsOf = ({runs}: RawResults): readonly Result[] => runs.map(run => rounded(resultOf(run)) as Result)

const resultOf = ({services, endpoints, results, failures}: RawRun): object => {
	const {floor, ipvsadm, keepalived, changes, audit, churn, heap, process: whole} = results
	const cold = results['cold-sync']
	return {
		services,
		endpoints,
		coldSync: cold && coldSyncOf(cold, results['cold-sync-profile'], {floor, ipvsadm, keepalived, services}),
		change: changes && changeOf(changes.endpoint),
		restart: whole?.restart,
		audit,
		memory: whole?.memory,
		startup: whole?.startup,
		churn,
		otherChanges:
			changes &&
			Object.fromEntries(CHANGE_KINDS.filter(kind => kind !== 'endpoint').map(kind => [kind, changeOf(changes[kind])])),
		floor,
		ipvsadm,
		keepalived: keepalived && {...keepalived, rssMb: keepalived.rssMb && keepalived.rssMb * MEBI},
		heap,
		...(Object.keys(failures).length > 0 ? {failures} : {}),
	}
}

const MEBI = 1.048576

interface Compared {
	readonly services: number
	readonly floor: FloorResult | undefined
	readonly ipvsadm: IpvsadmResult | undefined
	readonly keepalived: KeepalivedResult | undefined
}

const coldSyncOf = (cold: ColdSync, shares: Shares | undefined, {services, floor, ipvsadm, keepalived}: Compared) => ({
	seconds: cold.seconds,
	floorSeconds: floor?.seconds,
	ratioToFloor: floor && cold.seconds / floor.seconds,
	ipvsadmSeconds: ipvsadm?.seconds,
	fasterThanIpvsadm: ipvsadm && ipvsadm.seconds / cold.seconds,
	keepalivedSeconds: keepalived?.loadSeconds,
	stages: shares && stagesOf(cold, shares),
	operations: cold.operations,
	sends: cold.sends,
	processes: cold.processes,
	microsecondsPerService: (cold.seconds * 1e6) / services,
})

/**
 * What waits for the kernel or a program is timed; the rest is JavaScript, and divided as the profile of another run
 * is. `gc` is V8's work on memory, whosever it is.
 */
export const stagesOf = ({seconds, doors}: Pick<ColdSync, 'seconds' | 'doors'>, shares: Shares): Stages => {
	const waited = Object.values(doors).reduce((sum, milliseconds) => sum + milliseconds, 0) / 1000
	const rest = Math.max(seconds - waited, 0)
	const {sending = 0, ...code} = shares
	const of = (stage: Exclude<CodeStage, 'sending'>) => (rest * (code[stage] ?? 0)) / (1 - sending || 1)
	return {
		model: of('model'),
		desired: of('desired'),
		plan: of('plan'),
		encode: of('encode'),
		netlink: doors.netlink / 1000,
		ipset: doors.ipset / 1000 + of('ipset'),
		iptables: doors.iptables / 1000 + of('iptables'),
		gc: of('gc'),
		other: (doors.programs + doors.files) / 1000 + of('other'),
	}
}

const changeOf = ({medianMs, p99Ms, cpuMs, operations, neededOperations, sends, processes, changes}: Change) => ({
	medianMs,
	p99Ms,
	cpuMs,
	operations: operations / changes,
	needed: neededOperations / changes,
	sends,
	processes,
	changes,
})

const DIGITS = 4

/** Three digits and a bit tell all that repeats; whole numbers are counts. */
const rounded = (value: unknown): unknown => {
	if (typeof value === 'number') {
		return Number.isInteger(value) || !Number.isFinite(value) ? value : Number(value.toPrecision(DIGITS))
	}
	if (Array.isArray(value)) {
		return value.map(rounded)
	}
	return value !== null && typeof value === 'object'
		? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, rounded(inner)]))
		: value
}
