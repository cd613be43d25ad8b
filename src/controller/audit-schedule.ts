import {BackOff} from '../back-off.ts'
import type {Clock} from '../clock.ts'

/** When the next audit is due. */
export class AuditSchedule {
	readonly #clock: Clock
	readonly #interval: number
	readonly #backOff = new BackOff(AUDIT_BACK_OFF)
	#due = 0

	constructor(clock: Clock, interval: number) {
		this.#clock = clock
		this.#interval = interval
	}

	/** Milliseconds since 1970. */
	get due(): number {
		return this.#due
	}

	/**
	 * To be told after each turn. After a failure the next audit comes soon, after failed audits ever later: it repeats
	 * exactly what is not as it should be. No stream of changes, failing or not, puts it off.
	 */
	ended({wasAudit, hasFailed}: {readonly wasAudit: boolean; readonly hasFailed: boolean}): void {
		const now = this.#clock.now()
		if (wasAudit) {
			this.#due = now + this.#interval
		}
		if (hasFailed) {
			this.#due = Math.min(this.#due, now + (wasAudit ? this.#backOff.next() : this.#backOff.pause))
		} else if (wasAudit) {
			this.#backOff.reset()
		}
	}
}

/** One process retries against its own kernel: no need for jitter. */
const AUDIT_BACK_OFF = {firstMilliseconds: 500, lastMilliseconds: 60_000}
