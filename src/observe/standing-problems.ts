import {formatProblem, type Problem} from '../model/problem.ts'
import type {Observer} from './observer.ts'

export interface StandingProblems {
	readonly observer: Pick<Observer, 'problems' | 'garbled' | 'mended'>
	/** Each problem that there is now: of what is served, and of what cannot be read. */
	readonly all: () => Iterable<Problem>
}

/** Keeps what is wrong for as long as it is. */
export const createStandingProblems = (): StandingProblems => {
	const ofServices = new Map<string, readonly Problem[]>()
	const garbled = new Map<string, Problem>()
	return {
		observer: {
			problems: (service, problems) => {
				problems.length > 0 ? ofServices.set(service, problems) : ofServices.delete(service)
			},
			garbled: problem => garbled.set(formatProblem(problem), problem),
			mended: problem => garbled.delete(formatProblem(problem)),
		},
		all: function* () {
			for (const problems of ofServices.values()) {
				yield* problems
			}
			yield* garbled.values()
		},
	}
}

const MOST = 50
const MOST_CHARACTERS = 1000

/** The first of them, for an answer that has to stay small however many there are. */
export const firstOf = (problems: Iterable<Problem>): {readonly items: readonly Problem[]; readonly more: number} => {
	const items: Problem[] = []
	let more = 0
	for (const problem of problems) {
		const {message} = problem
		const isLong = message.length > MOST_CHARACTERS
		items.length < MOST
			? items.push(isLong ? {...problem, message: `${message.slice(0, MOST_CHARACTERS)}...`} : problem)
			: more++
	}
	return {items, more}
}
