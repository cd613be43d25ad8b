import {setTimeout as sleep} from 'node:timers/promises'

/** Tries an expectation, with pauses, until it holds; fails with its last error. */
export const eventually = async (check: () => unknown, milliseconds = 20_000, pause = 3): Promise<void> => {
	const end = performance.now() + milliseconds
	for (;;) {
		try {
			await check()
			return
		} catch (error) {
			if (performance.now() > end) {
				throw error
			}
		}
		await sleep(pause)
	}
}
