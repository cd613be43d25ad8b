import {type Kernel, readKernel} from '../kernel/kernel.ts'
import {Mirror} from '../plan/mirror.ts'
import type {WantedState} from '../state/node-state.ts'

/** Reads what the kernel really holds, while others go on to change it by the mirror of before. */
export class MirrorReader {
	readonly #kernel: Kernel
	readonly #onEnd: () => void
	#reading: Promise<Mirror> | undefined
	#hasRead = false

	/** Calls back when what was begun has ended. */
	constructor(kernel: Kernel, onEnd: () => void) {
		this.#kernel = kernel
		this.#onEnd = onEnd
	}

	get isReading(): boolean {
		return this.#reading !== undefined
	}

	/** What was begun has ended, well or not. */
	get hasRead(): boolean {
		return this.#hasRead
	}

	/** Unless it is under way already. */
	begin(mirror: Mirror, wanted: WantedState): void {
		if (!this.#reading) {
			mirror.beginJournal()
			const ended = () => {
				this.#hasRead = true
				this.#onEnd()
			}
			this.#reading = this.#read(wanted)
			this.#reading.then(ended, ended)
		}
	}

	/** What was read, with all that `before` has recorded meanwhile; read now, where nothing was begun or it is no use. */
	async take(before: Mirror | undefined, wanted: WantedState, isAnew: boolean): Promise<Mirror> {
		const reading = this.#reading
		await this.settled()
		this.#reading = undefined
		this.#hasRead = false
		const journal = before?.endJournal() ?? []
		if (!reading || isAnew) {
			return this.#read(wanted)
		}
		const mirror = await reading
		for (const operation of journal) {
			mirror.record(operation)
		}
		return mirror
	}

	/** Nothing is being read any more. */
	async settled(): Promise<void> {
		await this.#reading?.catch(() => undefined)
	}

	async #read(wanted: WantedState): Promise<Mirror> {
		return new Mirror(await readKernel(this.#kernel, wanted.fixed.sysctls, wanted.virtualServers))
	}
}
