import type {Clock} from '../clock.ts'
import type {Observer} from '../observe/observer.ts'

/** So many Services in one sync leave a multiple behind of what is kept of them; the first one does of any number. */
const MANY_SERVICES = 1000

/** Milliseconds; what has come in during the sync has its turn first. */
const AFTER_SYNC = 1000

/** Milliseconds from one time to the next at least. */
const PAUSE = 600_000

export interface MemoryReturn {
	readonly observer: Pick<Observer, 'compiled' | 'synced'>
	/** Nothing happens any more. */
	readonly stop: () => void
}

export interface MemoryTools {
	/** Of V8; stops the process, for some 0.1 s for each 10,000 Services. */
	readonly collect: () => void
	/** Of all else; takes some 10 ms. */
	readonly trim: () => void
}

/**
 * Gives memory back to the system after the first sync and any other of very many Services. V8 keeps what it has once
 * had and finds no cause to look for garbage in a process that then has little to do. What V8 itself needs to compile and
 * to collect lies outside of its heap, and comes back under load: that is given back with each audit.
 */
export const returnMemory = (clock: Clock, {collect, trim}: MemoryTools): MemoryReturn => {
	let compiled = 0
	let next = -Infinity
	let cancel: (() => void) | undefined
	const now = () => {
		cancel = undefined
		next = clock.now() + PAUSE
		collect()
		trim()
	}
	return {
		observer: {
			compiled: () => {
				compiled += 1
			},
			synced: ({kind}) => {
				if (kind === 'audit') {
					trim()
				}
				if ((kind === 'first' || compiled >= MANY_SERVICES) && !cancel) {
					cancel = clock.after(Math.max(AFTER_SYNC, next - clock.now()), now)
				}
				compiled = 0
			},
		},
		stop: () => cancel?.(),
	}
}
