import type {FailedOutcome} from '../kernel/apply.ts'
import {Dependencies} from '../kernel/dependencies.ts'
import type {SyncKind} from '../observe/observer.ts'
import type {Mirror} from '../plan/mirror.ts'
import type {GrowingScope} from '../state/growing-scope.ts'
import type {Scope} from '../state/node-state.ts'
import type {ControllerParts} from './controller-parts.ts'
import {Drains} from './drains.ts'
import {type DueFlows, FlowDebts, NO_FLOWS} from './flow-debts.ts'
import type {NodeModel} from './node-model.ts'
import {Ramps} from './ramps.ts'
import type {Stopwatch} from './stopwatch.ts'
import {isInDoubt, type SyncInput, sync} from './sync.ts'
import {Tally} from './tally.ts'

/** What a sync is about. */
export interface Task {
	readonly kind: SyncKind
	/** Looked at one after the other. Of a whole, first what comes in all of them, then what goes. */
	readonly scopes: Iterable<Scope>
	readonly isWhole: boolean
	readonly mirror: Mirror
	/** Every request up to this time (milliseconds since 1970) is in this sync. */
	readonly takenAt: number
	/** It looks for what others did to the kernel. */
	readonly isComparison?: boolean
	readonly stopwatch: Stopwatch
	/** Called after each scope; false ends the sync. */
	readonly between?: (() => Promise<boolean>) | undefined
}

/** Carries syncs out, with all that goes on longer than one: what drains, what starts slowly, flows that are owed. */
export class Syncer {
	readonly #parts: ControllerParts
	readonly #model: Pick<NodeModel, 'wanted' | 'services'>
	readonly #flowDebts = new FlowDebts()
	readonly drains: Drains
	readonly ramps = new Ramps()

	constructor(parts: ControllerParts, model: Pick<NodeModel, 'wanted' | 'services'>) {
		this.#parts = parts
		this.#model = model
		this.drains = new Drains(parts)
	}

	/** When something is due that no change tells of: milliseconds since 1970, or Infinity. */
	get due(): number {
		return Math.min(this.drains.due, this.ramps.due)
	}

	/** Takes the steps that are due; the scope, where one is given, gets what they touch. */
	rampUp(scope: GrowingScope | undefined): void {
		for (const server of this.ramps.advance(this.#parts.clock.now())) {
			scope?.virtualServers.add(server)
		}
	}

	/** Resolves with what failed. */
	async run(task: Task): Promise<readonly FailedOutcome[]> {
		const {kind, mirror, takenAt, stopwatch} = task
		const {clock, observer} = this.#parts
		const start = clock.now()
		const {due, owe, end} = this.#flowDebts.begin(kind, this.#model.wanted, mirror)
		const tally = new Tally(operations => observer.applied(kind, operations))
		const {done, failures} = tally
		try {
			if (await this.#runAll(task, due, tally)) {
				end(failures)
			}
		} finally {
			// Also when the look at what drains has failed.
			owe(failures)
		}
		const services = this.#model.services.size
		const milliseconds = clock.now() - start
		const differences = task.isComparison ? tally.differences : undefined
		const stages = stopwatch.spent
		observer.synced({kind, done, failures, milliseconds, services, takenAt, stages, ...(differences && {differences})})
		return failures
	}

	/** Resolves with whether it came to its end. */
	async #runAll(task: Task, due: DueFlows, tally: Tally): Promise<boolean> {
		const {scopes, isWhole, mirror} = task
		const {stopwatch} = task
		const common = {task, mirror, dependencies: new Dependencies(), tally, stopwatch}
		const later: Scope[] = []
		const isOver = isWhole
			? (await this.#runPart(scopes, 'coming', later, common)) && (await this.#letGo(later, common))
			: await this.#runPart(scopes, 'all', [], common)
		if (isOver && due.owed.length + due.forgotten.length > 0) {
			await this.#runOne({scope: NOTHING, part: 'all', ...common, ...due}, tally)
		}
		return isOver
	}

	/** What steers packets, for one, must not go with the first part while something drains in the last one. */
	async #letGo(later: readonly Scope[], common: Common): Promise<boolean> {
		for (const {virtualServers} of later) {
			this.drains.expect(virtualServers, {wanted: this.#model.wanted, mirror: common.mirror})
		}
		return this.#runPart(later, 'all', [], common)
	}

	async #runPart(scopes: Iterable<Scope>, part: SyncInput['part'], later: Scope[], common: Common): Promise<boolean> {
		const {task, tally} = common
		for (const scope of scopes) {
			if (await this.#runOne({scope, part, ...common, ...NO_FLOWS}, tally)) {
				later.push(scope)
			}
			// In doubt the sync comes to its end, but nobody else does anything by the mirror.
			if (!tally.failures.some(isInDoubt) && task.between && !(await task.between())) {
				return false
			}
		}
		return true
	}

	/** Resolves with whether something is left for later. */
	async #runOne(
		given: Pick<SyncInput, 'scope' | 'part' | 'dependencies' | 'mirror' | 'owed' | 'forgotten' | 'stopwatch'>,
		tally: Tally,
	): Promise<boolean> {
		const {kernel, config, clock} = this.#parts
		const {scope, mirror, part} = given
		const {wanted} = this.#model
		this.ramps.look(scope.virtualServers, {wanted, actual: mirror}, clock.now())
		const input = {...given, wanted, ramping: this.ramps.weights, draining: this.drains.keys}
		const {outcomes, isLeft} = await sync(kernel, input, config)
		tally.addDifferences(outcomes)
		if (part === 'all' || !isLeft) {
			const look = () => this.drains.look(scope.virtualServers, input)
			tally.add(await given.stopwatch.time('drain', look))
		}
		return isLeft
	}
}

/** Of all parts of one sync. */
interface Common extends Pick<SyncInput, 'dependencies' | 'mirror' | 'stopwatch'> {
	readonly task: Task
	readonly tally: Tally
}

const NOTHING: Scope = {virtualServers: new Set(), vips: new Set(), members: new Map()}
