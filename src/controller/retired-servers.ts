import type {VirtualServerKey} from '../state/ipvs.ts'
import type {ActualState, WantedState} from '../state/node-state.ts'

/**
 * Virtual servers that were given up, until the kernel has been read without them. One whose address is no longer the
 * node's has nothing left that tells that it was ours: where its deletion fails, only this process knows.
 */
export class RetiredServers {
	#keys: ReadonlySet<VirtualServerKey> = new Set()

	/** Takes in those of these keys that are not wanted. */
	add(keys: ReadonlySet<VirtualServerKey>, {virtualServers}: WantedState): void {
		const fresh = [...keys].filter(key => !virtualServers.has(key))
		if (fresh.length > 0) {
			this.#keys = new Set([...this.#keys, ...fresh])
		}
	}

	/** Those that the kernel still has, when it was just read; the others are forgotten. */
	remaining(wanted: WantedState, actual: ActualState): ReadonlySet<VirtualServerKey> {
		this.#keys = new Set(
			[...this.#keys].filter(key => actual.virtualServers.has(key) && !wanted.virtualServers.has(key)),
		)
		return this.#keys
	}
}
