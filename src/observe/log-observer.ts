import type {Logger} from 'pino'
import type {Clock} from '../clock.ts'
import {formatProblem, type Problem} from '../model/problem.ts'
import {formatOperation} from '../plan/format-operation.ts'
import type {EventSink} from './event-sink.ts'
import type {Observer, SyncReport} from './observer.ts'
import {ProblemBook} from './problem-book.ts'

/** At most so many failures of one sync are spelt out; the rest is counted. */
const MAX_SPELT_OUT = 10

/** Syncs that went well are said at most so often; the others are counted, and said at level debug. */
const SUCCESS_INTERVAL = 1000

/** Writes what happens to the log, and problems of objects to Events as well. */
export const createLogObserver = (
	log: Logger,
	events: EventSink,
	clock: Clock,
): Pick<Observer, 'compiled' | 'applied' | 'synced' | 'failed' | 'problems' | 'garbled' | 'mended'> => {
	const book = new ProblemBook()
	const pace = new Pace(clock)
	let changed = 0
	const tell = (problem: Problem) => {
		log.warn({...problem.object, field: problem.field, reason: problem.reason}, formatProblem(problem))
		events.write(problem)
	}
	const tellSolved = (problem: Problem) =>
		log.info({...problem.object, reason: problem.reason}, `solved: ${formatProblem(problem)}`)
	return {
		compiled: () => {
			changed++
		},
		applied: (_kind, operations) => {
			for (const operation of log.isLevelEnabled('debug') ? operations : []) {
				log.debug(formatOperation(operation))
			}
		},
		synced: report => {
			reportSync(log, report, changed, pace)
			changed = 0
		},
		failed: (kind, error) => log.error({err: error}, `${SYNC_NAMES[kind]} failed`),
		problems: (service, problems) => {
			const {fresh, solved} = book.replace(service, problems)
			fresh.forEach(tell)
			solved.forEach(tellSolved)
		},
		garbled: problem => {
			if (book.isNews(problem)) {
				tell(problem)
			}
		},
		mended: problem => {
			book.forget(problem)
			tellSolved(problem)
		},
	}
}

const SYNC_NAMES = {first: 'first sync', audit: 'audit', change: 'sync'} as const

/** `changed` of the Services were compiled for it. */
const reportSync = (log: Logger, report: SyncReport, changed: number, pace: Pace): void => {
	const {kind, failures, milliseconds, services} = report
	const operations = report.done.values().reduce((sum, count) => sum + count, 0)
	const counts = Object.fromEntries(report.done)
	const numbers = {services, changed, operations, failures: failures.length, milliseconds, ...counts}
	for (const {error} of failures.slice(0, MAX_SPELT_OUT)) {
		log.error(error.message)
	}
	if (failures.length > MAX_SPELT_OUT) {
		log.error(`and ${failures.length - MAX_SPELT_OUT} failures more`)
	}
	if (kind === 'first') {
		log.info(numbers, 'first sync done')
	} else if (kind === 'audit' && operations > 0) {
		log.warn(numbers, 'audit: the kernel was not as it should be; repaired')
	} else if (failures.length > 0) {
		log.info(numbers, 'synced')
	} else if (operations > 0) {
		const unsaid = pace.take()
		unsaid === undefined ? log.debug(numbers, 'synced') : log.info({...numbers, ...unsaid}, 'synced')
	}
}

/** Lets one through per interval, with the number of those that were held back since. */
class Pace {
	readonly #clock: Clock
	#last = Number.NEGATIVE_INFINITY
	#heldBack = 0

	constructor(clock: Clock) {
		this.#clock = clock
	}

	take(): {readonly moreSyncs?: number} | undefined {
		const now = this.#clock.now()
		if (now - this.#last < SUCCESS_INTERVAL) {
			this.#heldBack++
			return undefined
		}
		const moreSyncs = this.#heldBack
		this.#last = now
		this.#heldBack = 0
		return moreSyncs > 0 ? {moreSyncs} : {}
	}
}
