import {formatOperation} from '../../plan/format-operation.ts'
import type {Operation} from '../../plan/operation.ts'
import {codeOf} from '../health/failed-families.ts'
import type {SyncKind, SyncReport} from '../observer.ts'
import type {JournalChange, JournalEntry} from './journal-entry.ts'
import type {WhoAsked} from './who-asked.ts'

/** Of one sync; what goes beyond is counted. */
export const MOST_CHANGES = 1000
export const MOST_SERVICES = 10

/** What made a sync necessary. */
export interface Cause {
	/** The first that were compiled for it. */
	readonly services: readonly string[]
	/** Of all that were. */
	readonly count: number
	readonly isOfNode: boolean
}

/** A sync that has ended, as it is kept until it is put in words. */
export interface EndedSync extends Cause {
	readonly kind: SyncKind
	/** Milliseconds since 1970. */
	readonly at: number
	/** The first of what was done. */
	readonly done: readonly (readonly Operation[])[]
	/** Absent where it could not be done to its end, and then there is an error. */
	readonly report: SyncReport | undefined
	readonly error: unknown
}

export const describeSync = (sync: EndedSync, whoAsked: WhoAsked): JournalEntry => {
	const {kind, at, report, error, isOfNode, services, count} = sync
	const done = sync.done.flat()
	const more = countMore(report, done)
	const failed = report?.failures.length ?? 0
	return {
		time: new Date(at).toISOString(),
		cause: kind,
		...(isOfNode ? {isOfNode} : {}),
		...(count > 0 ? {services} : {}),
		...(count > services.length ? {moreServices: count - services.length} : {}),
		...(report ? {milliseconds: report.milliseconds} : {}),
		changes: changesOf(sync, done, whoAsked),
		...(Object.keys(more).length > 0 ? {more} : {}),
		...(failed > MOST_CHANGES ? {moreFailures: failed - MOST_CHANGES} : {}),
		...(error === undefined ? {} : {error: error instanceof Error ? error.message : String(error)}),
	}
}

const changesOf = (
	{kind, report, count, services}: EndedSync,
	done: readonly Operation[],
	whoAsked: WhoAsked,
): readonly JournalChange[] => {
	const failed = report?.failures.slice(0, MOST_CHANGES) ?? []
	const operations = [...done, ...failed.map(({operation}) => operation)]
	const askers = whoAsked.of(operations, {kind, only: count === 1 ? services[0] : undefined})
	return operations.map((operation, at) => {
		const service = askers[at]
		const failure = failed[at - done.length]
		return {
			...(service === undefined ? {} : {service}),
			operation: formatOperation(operation),
			...(failure ? {error: codeOf(failure.error)} : {}),
		}
	})
}

/** What was done besides, by kind. */
const countMore = (report: SyncReport | undefined, done: readonly Operation[]): Readonly<Record<string, number>> => {
	const counts = new Map<string, number>(report?.done)
	for (const {kind} of done) {
		counts.set(kind, (counts.get(kind) ?? 0) - 1)
	}
	return Object.fromEntries([...counts].filter(([, count]) => count > 0))
}
