import type {Problem} from '../model/problem.ts'
import type {Operation} from '../plan/operation.ts'

export type SyncKind = 'first' | 'audit' | 'change'

/** One sync as it is reported. */
export interface SyncReport {
	readonly kind: SyncKind
	readonly outcomes: readonly {readonly operation: Operation; readonly error?: Error}[]
	readonly milliseconds: number
	readonly services: number
}

/** Who is told what happens; it must not throw. */
export interface Observer {
	/** A sync has ended, with failures of single operations or without. */
	readonly synced: (report: SyncReport) => void
	/** A sync could not be done at all. */
	readonly failed: (kind: SyncKind, error: unknown) => void
	/** All problems that a Service now has; empty when it has none (any more). */
	readonly problems: (service: string, problems: readonly Problem[]) => void
	/** An object arrived that could not be read. */
	readonly garbled: (problem: Problem) => void
}
