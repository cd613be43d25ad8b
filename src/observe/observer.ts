import type {NodeContext} from '../model/node-context.ts'
import type {ObjectChange} from '../model/object.ts'
import type {Problem} from '../model/problem.ts'
import type {Family} from '../net/address.ts'
import type {Operation, OperationKind} from '../plan/operation.ts'
import type {ServiceState} from '../state/service-state.ts'

export type SyncKind = 'first' | 'audit' | 'change'

/**
 * What a sync spends its time with: the kernel is read, what changed is compiled, differences are planned and applied, and
 * what drains is looked at.
 */
export type Stage = 'read' | 'compile' | 'plan' | 'apply' | 'drain'

/** An operation that failed, or was skipped because what it stands on failed. */
export interface Failure {
	readonly operation: Operation
	readonly error: Error
}

/** One sync as it is reported. */
export interface SyncReport {
	readonly kind: SyncKind
	/** How many operations of each kind were done. */
	readonly done: ReadonlyMap<OperationKind, number>
	readonly failures: readonly Failure[]
	readonly milliseconds: number
	readonly services: number
	/** Every request up to this time (milliseconds since 1970) is in this sync; when it began, where it is not said. */
	readonly takenAt?: number
	/** Milliseconds of each stage; `read` and `compile` come before those of the sync. */
	readonly stages?: ReadonlyMap<Stage, number>
	/** Of an audit: differences between what was wanted and what the kernel held, and how many of them were mended. */
	readonly differences?: ReadonlyMap<OperationKind, {readonly found: number; readonly done: number}>
}

/** Who is told what happens; it must not throw. */
export interface Observer {
	/** These operations have been done, in a sync that is reported when it ends. */
	readonly applied: (kind: SyncKind, operations: readonly Operation[]) => void
	/** A sync has ended, with failures of single operations or without. */
	readonly synced: (report: SyncReport) => void
	/** A sync could not be done at all. */
	readonly failed: (kind: SyncKind, error: unknown) => void
	/** All problems that a Service now has; empty when it has none (any more). */
	readonly problems: (service: string, problems: readonly Problem[]) => void
	/** An object arrived that could not be read. */
	readonly garbled: (problem: Problem) => void
	/** What could not be read can be, or is gone. */
	readonly mended: (problem: Problem) => void
	/** An object has come, changed or gone; nothing is computed yet. */
	readonly changed: (change: ObjectChange) => void
	/** Something asks for a sync of these families. */
	readonly requested: (families: readonly Family[]) => void
	/** What bears on all Services of this node is now this. */
	readonly located: (context: NodeContext) => void
	/** What one Service asks of this node; undefined when it is gone or not ours to serve. */
	readonly compiled: (service: string, state: ServiceState | undefined) => void
}
