/** So much of each failed test is said again: its title and error stand at the beginning, its stack at the end. */
const FIRST_LINES = 24
const LAST_LINES = 8

/** So much of all of one step. */
const STEP_LINES = 60

/**
 * What a failed step said of its failures: what mocha prints below `N failing`, or the end of the output where there is
 * no such line. Bounded, so that the end of a long log tells what failed.
 */
export const failuresIn = (output: string): string => {
	const [, section] = /^ *\d+ failing$\n([\s\S]*)/m.exec(output) ?? []
	if (section === undefined) {
		return output.trimEnd().split('\n').slice(-STEP_LINES).join('\n')
	}
	const failures = section.split(/^(?= {2}\d+\) )/m).filter(text => text.trim() !== '')
	return shortened(failures.flatMap(failure => shortened(failure.trimEnd().split('\n'), FIRST_LINES, LAST_LINES))).join(
		'\n',
	)
}

const shortened = (lines: readonly string[], first = STEP_LINES, last = 0): readonly string[] => {
	const left = lines.length - first - last
	return left <= 1 ? lines : [...lines.slice(0, first), `     ... ${left} more lines ...`, ...lines.slice(first + left)]
}
