import type {Clock} from '../clock.ts'
import {OBJECT_KINDS, type ObjectKind} from '../model/object.ts'

/** When the API server was last heard on each kind of object; never, counts from the start. */
export class WatchAges {
	readonly #clock: Pick<Clock, 'now'>
	readonly #heardAt: Map<ObjectKind, number>

	constructor(clock: Pick<Clock, 'now'>) {
		this.#clock = clock
		this.#heardAt = new Map(OBJECT_KINDS.map(kind => [kind, clock.now()]))
	}

	hear(kind: ObjectKind): void {
		this.#heardAt.set(kind, this.#clock.now())
	}

	/** The server does not have it, and it is done without. */
	forget(kind: ObjectKind): void {
		this.#heardAt.delete(kind)
	}

	/** Seconds. */
	*read(): Generator<readonly [ObjectKind, number]> {
		const now = this.#clock.now()
		for (const [kind, heardAt] of this.#heardAt) {
			yield [kind, (now - heardAt) / 1000]
		}
	}
}
