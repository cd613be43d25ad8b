import type {JournalEntry} from './journal-entry.ts'

/** Audits that may say no more than that it failed as before: with the default of `auditInterval` less than an hour of them. */
const MOST = 100

/**
 * Shortens what each audit says anew: without that, what fails for some hours would leave no room for anything else, and
 * not even for how it began.
 */
export class Repetitions {
	#last = ''
	#times = 0

	/** With a number for failures that are those of the last audit that failed. */
	shorten(entry: JournalEntry): JournalEntry {
		const failed = entry.changes.filter(({error}) => error !== undefined)
		if (entry.cause === 'change' || failed.length === 0) {
			return entry
		}
		const {moreFailures = 0, ...rest} = entry
		const failures = JSON.stringify([failed, moreFailures])
		if (failures !== this.#last || this.#times >= MOST) {
			this.#last = failures
			this.#times = 0
			return entry
		}
		this.#times += 1
		return {
			...rest,
			changes: entry.changes.filter(({error}) => error === undefined),
			failuresAsBefore: failed.length + moreFailures,
		}
	}
}
