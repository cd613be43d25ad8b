import type {BackOffLimits} from '../back-off.ts'
import type {Clock} from '../clock.ts'
import type {Http} from './http.ts'
import type {Resource} from './resource.ts'
import type {TransportReport} from './trouble.ts'
import type {WatchAges} from './watch-ages.ts'

export interface ReflectorOptions {
	readonly resource: Resource
	readonly http: Http
	readonly clock: Clock
	/** [0, 1) */
	readonly random: () => number
	/** Trouble on the way to the API server, each kind once until it is over. */
	readonly report: (event: TransportReport) => void
	/** Told whenever the server is heard. */
	readonly ages?: WatchAges
	readonly limits?: Partial<ReflectorLimits>
}

export interface ReflectorLimits {
	/** Objects a page; a server that answers from its cache may send all at once. */
	readonly pageSize: number
	/** A watch lasts a random time between these. */
	readonly watchSeconds: {readonly min: number; readonly max: number}
	/** A watch without a byte for so long is taken for dead. API servers send a bookmark each minute. */
	readonly idleMilliseconds: number
	/** The same while a list is read. */
	readonly listIdleMilliseconds: number
	/** A watch that lives so much longer than it was asked to is ended from this side. */
	readonly overtimeMilliseconds: number
	/** A watch that lasts so long is healthy: trouble is over, and the back-off starts anew. */
	readonly healthyMilliseconds: number
	/** Where an optional resource is not to be had, it is asked for again after this. */
	readonly absentMilliseconds: number
	/** Where the server fails (5xx) more often than this in a row, a watch gives way to a list. */
	readonly failuresBeforeList: number
	/** No object may be longer. */
	readonly objectBytes: number
	readonly backOff: BackOffLimits
}

export const DEFAULT_LIMITS: ReflectorLimits = {
	pageSize: 500,
	watchSeconds: {min: 300, max: 600},
	idleMilliseconds: 90_000,
	listIdleMilliseconds: 60_000,
	overtimeMilliseconds: 30_000,
	healthyMilliseconds: 10_000,
	absentMilliseconds: 600_000,
	failuresBeforeList: 10,
	objectBytes: 16 * 1024 * 1024,
	// With jitter: from 0.8 seconds, as client-go.
	backOff: {firstMilliseconds: 1600, lastMilliseconds: 30_000},
}
