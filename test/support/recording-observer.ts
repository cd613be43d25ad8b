import type {Problem} from '../../src/model/problem.ts'
import type {Observer, SyncReport} from '../../src/observe/observer.ts'

/** Keeps what it is told. */
export class RecordingObserver implements Observer {
	readonly syncs: SyncReport[] = []
	readonly failures: unknown[] = []
	readonly problemsOf = new Map<string, readonly Problem[]>()
	readonly garbledObjects: Problem[] = []
	#waiting: (() => void)[] = []

	readonly synced = (report: SyncReport): void => {
		this.syncs.push(report)
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
