import {FOUNDATION, type Operation} from '../plan/operation.ts'
import {evidenceOf} from '../plan/ownership.ts'
import type {SetEntry} from '../state/ipset.ts'

/**
 * What the operations of one plan stand on. One failure does not hold up the others, but for these:
 *
 * 1. When the device, a set or the fixed rules fail, all that comes after is skipped.
 * 2. A virtual server is not touched when a set member that tells that it is ours could not be added, and such members
 *    are not deleted when their virtual server could not be: nothing of ours is left behind as if it were foreign.
 */
export class Dependencies {
	#isFounded = true
	readonly #lacking = new Set<SetEntry>()
	readonly #needed = new Set<SetEntry>()

	/** Everything that this operation stands on is there. */
	areMet(operation: Operation): boolean {
		if (!this.#isFounded && !FOUNDATION.has(operation.kind)) {
			return false
		}
		if (operation.kind === 'delete-set-entry') {
			return !this.#needed.has(operation.entry)
		}
		return !('server' in operation) || !evidenceOf(operation.server).some(entry => this.#lacking.has(entry))
	}

	/** Takes in that an operation failed or was skipped. */
	fail(operation: Operation): void {
		if (FOUNDATION.has(operation.kind)) {
			this.#isFounded = false
		} else if (operation.kind === 'add-set-entry') {
			this.#lacking.add(operation.entry)
		} else if (operation.kind === 'delete-virtual-server') {
			for (const entry of evidenceOf(operation.server)) {
				this.#needed.add(entry)
			}
		}
	}
}
