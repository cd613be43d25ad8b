import {isAnswer, type ProbeResult} from '../../e2e/topology/answer.ts'

/** Who answered, in order; a failure stands under its word. */
export const podsOf = (results: readonly ProbeResult[]): readonly string[] =>
	results.map(result => (isAnswer(result) ? result.pod : result.error))

/** How often each name stands there, in the order of the names. */
export const countOf = (names: readonly string[]): Readonly<Record<string, number>> => {
	const counts: Record<string, number> = {}
	for (const name of names.toSorted()) {
		counts[name] = (counts[name] ?? 0) + 1
	}
	return counts
}

/** A figure for who reads the test's output. */
export const tell = (text: string): void => console.log(`      ${text}`)
