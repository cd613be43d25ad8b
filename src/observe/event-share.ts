import type {Clock} from '../clock.ts'
import type {Problem} from '../model/problem.ts'
import {Candidates} from './chosen-node.ts'
import type {EventSink} from './event-sink.ts'
import type {Observer} from './observer.ts'

export interface EventShareParts {
	readonly events: EventSink
	readonly nodeName: string
	/** All Nodes are known; otherwise every node writes all. */
	readonly knowsNodes: boolean
	readonly clock: Clock
	/** What is still wrong. */
	readonly standing: () => Iterable<Problem>
}

export interface EventShare extends EventSink {
	readonly observer: Pick<Observer, 'changed' | 'located'>
	readonly close: () => void
}

/** So late at most another node takes over from one that is gone. The writer leaves out what it said within the hour. */
const ROUND_MILLISECONDS = 600_000

/** Kubernetes forgets an Event after so long. A new choice each time: some Nodes may run no kube-lvs. */
const TURN_MILLISECONDS = 3_600_000

/**
 * Which problems this node writes as Events: those that it alone has, and its share of those that every node has.
 *
 * 1. Nothing is written before all Nodes are known: with a part of them, several would be chosen.
 * 2. A node that never had a Node writes all: nobody would choose it.
 * 3. What still stands is offered again in rounds, so that it is written about once an hour in the cluster.
 */
export const createEventShare = ({events, nodeName, knowsNodes, clock, standing}: EventShareParts): EventShare => {
	const candidates = new Candidates()
	let cancel: (() => void) | undefined
	let isAmongThem = false
	const isOurs = ({object, isOfNode}: Problem): boolean => {
		const turn = Math.floor(clock.wall() / TURN_MILLISECONDS)
		return isOfNode || !knowsNodes || !isAmongThem || candidates.choose(object, turn) === nodeName
	}
	const offer = (problem: Problem) => {
		if (isOurs(problem)) {
			events.write(problem)
		}
	}
	const goRound = () => {
		cancel = clock.after(ROUND_MILLISECONDS, goRound)
		for (const problem of standing()) {
			offer(problem)
		}
	}
	return {
		write: problem => {
			if (cancel) {
				offer(problem)
			}
		},
		observer: {
			changed: change => {
				if (change.kind === 'Node') {
					isAmongThem ||= change.key === nodeName
					change.object && !change.object.deleting ? candidates.add(change.key) : candidates.remove(change.key)
				}
			},
			// All kinds have been listed by then.
			located: () => cancel || goRound(),
		},
		close: () => cancel?.(),
	}
}
