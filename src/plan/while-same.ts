/**
 * The last answer for each `about` again, as long as it is of the same `given`: of something large that is replaced, never
 * changed in place, so that a glance tells.
 */
export const whileSame = <About extends object, Given, Answer>(
	find: (about: About, given: Given) => Answer,
): ((about: About, given: Given) => Answer) => {
	const known = new WeakMap<About, {readonly given: Given; readonly answer: Answer}>()
	return (about, given) => {
		const last = known.get(about)
		if (last && last.given === given) {
			return last.answer
		}
		const answer = find(about, given)
		known.set(about, {given, answer})
		return answer
	}
}
