import {type FailedOutcome, isFailed, type Outcome} from '../kernel/apply.ts'
import type {Operation, OperationKind} from '../plan/operation.ts'

/** What a sync has done so far, in numbers; and what failed. */
export class Tally {
	readonly done = new Map<OperationKind, number>()
	readonly failures: FailedOutcome[] = []
	/** What a comparison with the kernel has found: of each kind how many, and how many of them were done. */
	readonly differences = new Map<OperationKind, {readonly found: number; readonly done: number}>()
	readonly #tell: (done: readonly Operation[]) => void

	/** `tell` is called with the operations that were done, as soon as they are. */
	constructor(tell: (done: readonly Operation[]) => void) {
		this.#tell = tell
	}

	/** Outcomes of what a comparison has found, not of what is done once its time has come. */
	addDifferences(outcomes: readonly Outcome[]): void {
		for (const outcome of outcomes) {
			const {kind} = outcome.operation
			const {found, done} = this.differences.get(kind) ?? {found: 0, done: 0}
			// Flows follow from what is done.
			if (kind !== 'delete-flows') {
				this.differences.set(kind, {found: found + 1, done: done + (isFailed(outcome) ? 0 : 1)})
			}
		}
		this.add(outcomes)
	}

	add(outcomes: readonly Outcome[]): void {
		const done: Operation[] = []
		for (const outcome of outcomes) {
			const {operation} = outcome
			if (isFailed(outcome)) {
				this.failures.push(outcome)
			} else {
				done.push(operation)
				this.done.set(operation.kind, (this.done.get(operation.kind) ?? 0) + 1)
			}
		}
		if (done.length > 0) {
			this.#tell(done)
		}
	}
}
