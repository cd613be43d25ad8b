import type {Problem} from '../model/problem.ts'

/** Where problems become Events; a folder of YAML files has no place for them. */
export interface EventSink {
	/** Never throws and never waits. */
	readonly write: (problem: Problem) => void
}

export const noEvents: EventSink = {write: () => undefined}
