import {setTimeout as sleep} from 'node:timers/promises'

/** Tries an expectation, with pauses, until it holds, and resolves with what it gives; fails with its last error. */
export const eventually = async <Result>(
	check: () => Result | Promise<Result>,
	milliseconds = 20_000,
	pause = 3,
): Promise<Result> => {
	const end = performance.now() + milliseconds
	for (;;) {
		try {
			return await check()
		} catch (error) {
			if (performance.now() > end) {
				throw error
			}
		}
		await sleep(pause)
	}
}
