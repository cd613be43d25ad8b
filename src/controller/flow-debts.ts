import type {Outcome} from '../kernel/apply.ts'
import type {SyncKind} from '../observe/observer.ts'
import {forgottenFlows, renewFlows} from '../plan/conntrack.ts'
import type {FlowFilter} from '../state/conntrack.ts'
import type {ActualState, WantedState} from '../state/node-state.ts'
import {failedFlows, isInDoubt} from './sync.ts'

/** Flows that no difference between wanted and actual state tells of, which are an audit's business. */
export interface DueFlows {
	/** They could not be deleted before. */
	readonly owed: readonly FlowFilter[]
	/** They may have been forgotten: nothing is said of them as long as it goes well. */
	readonly forgotten: readonly FlowFilter[]
}

export const NO_FLOWS: DueFlows = {owed: [], forgotten: []}

interface SyncFlows {
	/** What is to be done in this sync. */
	readonly due: DueFlows
	/** To be called with the outcomes in any case. */
	readonly owe: (outcomes: readonly Outcome[]) => void
	/** To be called with the outcomes when the sync has come to its end. */
	readonly end: (outcomes: readonly Outcome[]) => void
}

/** Remembers which flows are still to be deleted, from one sync to the next. */
export class FlowDebts {
	#owed: readonly FlowFilter[] = []
	/** False where real servers may be gone whose flows were not looked at: at start, and when a sync came to no end. */
	#areKnown = false

	/** To be called before a sync; a change may have its own while an audit is under way. */
	begin(kind: SyncKind, wanted: WantedState, actual: ActualState): SyncFlows {
		const isChange = kind === 'change'
		const wereKnown = this.#areKnown
		this.#areKnown = false
		const owed = isChange ? [] : this.#owed
		this.#owed = isChange ? this.#owed : []
		return {
			due: isChange
				? NO_FLOWS
				: {owed: renewFlows(owed, wanted, actual), forgotten: wereKnown ? [] : forgottenFlows(wanted, actual)},
			owe: all => {
				this.#owed = [...this.#owed, ...failedFlows(all)]
			},
			end: all => {
				this.#areKnown = (wereKnown || !isChange) && !all.some(isInDoubt)
			},
		}
	}
}
