import type {Clock} from '../clock.ts'
import {type Kernel, readKernel, readKernelInParts} from '../kernel/kernel.ts'
import {Mirror} from '../plan/mirror.ts'
import type {WantedState} from '../state/node-state.ts'
import {Stopwatch} from './stopwatch.ts'

/**
 * Reads what the kernel really holds, while others go on to change it by the mirror. Each subsystem is taken into the
 * mirror as soon as it is read: all of them together are as much as the mirror, and little of it is news.
 */
export class MirrorReader {
	readonly #kernel: Kernel
	readonly #clock: Pick<Clock, 'now'>
	readonly #onEnd: () => void
	#stopwatch: Stopwatch
	#reading: Promise<void> | undefined
	#hasRead = false

	/** Calls back when what was begun has ended. */
	constructor(kernel: Kernel, clock: Pick<Clock, 'now'>, onEnd: () => void) {
		this.#kernel = kernel
		this.#clock = clock
		this.#stopwatch = new Stopwatch(clock)
		this.#onEnd = onEnd
	}

	get isReading(): boolean {
		return this.#reading !== undefined
	}

	/** What was begun has ended, well or not. */
	get hasRead(): boolean {
		return this.#hasRead
	}

	/** Of what is being read, or was last read. */
	get stopwatch(): Stopwatch {
		return this.#stopwatch
	}

	/** Unless it is under way already. */
	begin(mirror: Mirror, wanted: WantedState): void {
		if (!this.#reading) {
			const ended = () => {
				this.#hasRead = true
				this.#onEnd()
			}
			this.#reading = this.#refresh(mirror, wanted)
			this.#reading.then(ended, ended)
		}
	}

	/** The mirror with all that was read; read now, where nothing was begun or it is no use. */
	async take(before: Mirror | undefined, wanted: WantedState, isAnew: boolean): Promise<Mirror> {
		const reading = this.#reading
		await this.settled()
		this.#reading = undefined
		this.#hasRead = false
		if (!before) {
			return new Mirror(await this.#time(() => readKernel(this.#kernel, wanted.fixed.sysctls, wanted.virtualServers)))
		}
		await (reading && !isAnew ? reading : this.#refresh(before, wanted))
		return before
	}

	/** Nothing is being read any more. */
	async settled(): Promise<void> {
		await this.#reading?.catch(() => undefined)
	}

	#time<Result>(read: () => Promise<Result>): Promise<Result> {
		this.#stopwatch = new Stopwatch(this.#clock)
		return this.#stopwatch.time('read', read)
	}

	#refresh(mirror: Mirror, wanted: WantedState): Promise<void> {
		return this.#time(() => this.#readInto(mirror, wanted))
	}

	async #readInto(mirror: Mirror, wanted: WantedState): Promise<void> {
		try {
			mirror.beginJournal()
			for await (const part of readKernelInParts(this.#kernel, wanted.fixed.sysctls, wanted.virtualServers)) {
				mirror.refresh(part)
				mirror.beginJournal()
			}
		} finally {
			mirror.endJournal()
		}
	}
}
