import {setTimeout as sleep} from 'node:timers/promises'

/** Milliseconds; what comes in a second or two takes longer on a busy machine. */
const PATIENCE = 300_000

/** Asks until it is so. When it never is, the error says `what` was waited for, and what `seen` gives. */
export const until = async (what: string, seen: () => string, isSo: () => Promise<boolean>): Promise<void> => {
	for (const end = Date.now() + PATIENCE; !(await isSo()); await sleep(100)) {
		if (Date.now() > end) {
			throw new Error(`never came: ${what}; ${seen()}`)
		}
	}
}
