import type {Family} from '../net/address.ts'
import {formatOperation} from '../plan/format-operation.ts'
import {FOUNDATION, type Operation} from '../plan/operation.ts'
import {familiesOf} from '../plan/operation-families.ts'
import {evidenceOf} from '../plan/ownership.ts'
import type {SetEntry} from '../state/ipset.ts'

/**
 * What the operations of one plan, or of several that are parts of one sync, stand on. One failure does not hold up the
 * others, but for these:
 *
 * 1. When the device, a set or the fixed rules fail, all that comes after in the same family is skipped. Rules that
 *    could not take over come late: what they should have replaced stays.
 * 2. A virtual server is not touched when a set member that tells that it is ours could not be added, and neither such
 *    members nor any sets go when their virtual server could not: nothing of ours is left behind as if it were foreign.
 * 3. Rules that name a set which could not be destroyed stay away, so that the next sync can.
 */
export class Dependencies {
	readonly #unfounded = new Set<Family>()
	/** Families with a set in the way that some rule still names. */
	readonly #obstructed = new Set<Family>()
	readonly #lacking = new Set<SetEntry>()
	readonly #needed = new Set<SetEntry>()
	/** By what they say: a later plan finds them again. */
	readonly #failed = new Set<string>()

	/** Everything that this operation stands on is there. */
	areMet(operation: Operation): boolean {
		if (operation.kind === 'restore-rules') {
			return !this.#obstructed.has(operation.ruleset.family)
		}
		if (FOUNDATION.has(operation.kind)) {
			return true
		}
		if (this.#unfounded.size > 0 && familiesOf(operation).some(family => this.#unfounded.has(family))) {
			return false
		}
		if (operation.kind === 'delete-set-entry') {
			return !this.#needed.has(operation.entry)
		}
		if (operation.kind === 'destroy-set') {
			return this.#needed.size === 0
		}
		return (
			this.#lacking.size === 0 ||
			!('server' in operation) ||
			!evidenceOf(operation.server).some(entry => this.#lacking.has(entry))
		)
	}

	/** The same was tried before, in vain. */
	hasFailed(operation: Operation): boolean {
		return this.#failed.size > 0 && this.#failed.has(formatOperation(operation))
	}

	/** Takes in that an operation failed or was skipped. */
	fail(operation: Operation): void {
		this.#failed.add(formatOperation(operation))
		if (FOUNDATION.has(operation.kind) || operation.kind === 'take-over-rules') {
			for (const family of familiesOf(operation)) {
				this.#unfounded.add(family)
			}
			if (operation.kind === 'replace-set' && operation.unlike) {
				this.#obstructed.add(operation.definition.family)
			}
		} else if (operation.kind === 'add-set-entry') {
			this.#lacking.add(operation.entry)
		} else if (operation.kind === 'delete-virtual-server') {
			for (const entry of evidenceOf(operation.server)) {
				this.#needed.add(entry)
			}
		}
	}
}
