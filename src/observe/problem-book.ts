import {formatProblem, type Problem} from '../model/problem.ts'

/** Remembers what was said, so that each problem is said once for as long as it lasts. */
export class ProblemBook {
	readonly #known = new Map<string, ReadonlyMap<string, Problem>>()
	readonly #said = new Set<string>()

	/** All problems that an object now has; the result tells which came and which went. */
	replace(object: string, problems: readonly Problem[]): {fresh: readonly Problem[]; solved: readonly Problem[]} {
		const before = this.#known.get(object) ?? new Map<string, Problem>()
		const after = new Map(problems.map(problem => [formatProblem(problem), problem]))
		after.size > 0 ? this.#known.set(object, after) : this.#known.delete(object)
		return {
			fresh: [...after].flatMap(([text, problem]) => (before.has(text) ? [] : [problem])),
			solved: [...before].flatMap(([text, problem]) => (after.has(text) ? [] : [problem])),
		}
	}

	/** True the first time. Bounded, because what cannot be read may be anything. */
	isNews(problem: Problem): boolean {
		const text = formatProblem(problem)
		if (this.#said.has(text)) {
			return false
		}
		if (this.#said.size >= MAX_SAID) {
			this.#said.clear()
		}
		this.#said.add(text)
		return true
	}

	/** It would be news again. */
	forget(problem: Problem): void {
		this.#said.delete(formatProblem(problem))
	}
}

const MAX_SAID = 10_000
