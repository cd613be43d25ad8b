import {type FailedOutcome, isFailed, type Outcome} from '../kernel/apply.ts'
import type {Operation, OperationKind} from '../plan/operation.ts'

/** What a sync has done so far, in numbers; and what failed. */
export class Tally {
	readonly done = new Map<OperationKind, number>()
	readonly failures: FailedOutcome[] = []
	readonly #tell: (done: readonly Operation[]) => void

	/** `tell` is called with the operations that were done, as soon as they are. */
	constructor(tell: (done: readonly Operation[]) => void) {
		this.#tell = tell
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
