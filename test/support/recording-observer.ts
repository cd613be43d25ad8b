import type {Problem} from '../../src/model/problem.ts'
import type {Observer, SyncKind, SyncReport} from '../../src/observe/observer.ts'
import type {Operation} from '../../src/plan/operation.ts'

/** What was done, and what failed. */
export interface RecordedSync extends SyncReport {
	readonly outcomes: readonly {readonly operation: Operation; readonly error?: Error}[]
}

/** Keeps what it is told. */
export class RecordingObserver implements Observer {
	readonly syncs: RecordedSync[] = []
	readonly #applied = new Map<SyncKind, Operation[]>()
	readonly failures: unknown[] = []
	readonly problemsOf = new Map<string, readonly Problem[]>()
	readonly garbledObjects: Problem[] = []
	#waiting: (() => void)[] = []

	readonly applied = (kind: SyncKind, operations: readonly Operation[]): void => {
		this.#applied.set(kind, (this.#applied.get(kind) ?? []).concat(operations))
	}
	readonly synced = (report: SyncReport): void => {
		const done = (this.#applied.get(report.kind) ?? []).map(operation => ({operation}))
		this.#applied.delete(report.kind)
		this.syncs.push({...report, outcomes: [...done, ...report.failures]})
		for (const wake of this.#waiting.splice(0)) {
			wake()
		}
	}
	readonly failed = (_kind: unknown, error: unknown): void => {
		this.failures.push(error)
	}
	readonly problems = (service: string, problems: readonly Problem[]): void => {
		this.problemsOf.set(service, problems)
	}
	readonly garbled = (problem: Problem): void => {
		this.garbledObjects.push(problem)
	}
	readonly mended = (): void => undefined
	readonly changed = (): void => undefined
	readonly requested = (): void => undefined
	readonly located = (): void => undefined
	readonly compiled = (): void => undefined

	/** Until so many syncs have ended. */
	async untilSyncs(count: number): Promise<void> {
		while (this.syncs.length < count) {
			await new Promise<void>(resolve => {
				this.#waiting.push(resolve)
			})
		}
	}
}
