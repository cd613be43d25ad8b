import {type Clock, sleep} from '../../clock.ts'
import {drawScreen, HEADER_LINE, roomFor} from './draw.ts'
import {History} from './history.ts'
import {type Key, keysIn, press, type ScrolledView, within} from './keys.ts'
import {shownRows, type View} from './rows.ts'
import {screenText, type Terminal} from './terminal.ts'
import type {ServiceTraffic} from './traffic.ts'

export interface LiveOptions {
	readonly view: View
	/** Milliseconds from look to look. */
	readonly interval: number
	readonly nodeName: string
	readonly clock: Clock
}

/** Draws what each look finds, anew in place, until `q` is typed or the signal is aborted. */
export const watchLive = async (
	look: () => Promise<readonly ServiceTraffic[]>,
	terminal: Terminal,
	options: LiveOptions,
	stop: AbortController,
): Promise<void> => {
	const live = new Live(terminal, options)
	terminal.listen(
		input => {
			for (const key of keysIn(input)) {
				key === 'quit' ? stop.abort() : live.press(key)
			}
		},
		() => live.draw(),
	)
	while (!stop.signal.aborted) {
		live.take(await look())
		await sleep(options.clock, options.interval, stop.signal)
	}
}

class Live {
	readonly #terminal: Terminal
	readonly #options: LiveOptions
	readonly #history = new History()
	#view: ScrolledView
	#services: readonly ServiceTraffic[] = []

	constructor(terminal: Terminal, options: LiveOptions) {
		this.#terminal = terminal
		this.#options = options
		this.#view = {...options.view, first: 0}
	}

	take(services: readonly ServiceTraffic[]): void {
		this.#services = services
		this.#history.take(services, this.#view.sort)
		this.draw()
	}

	press(key: Key): void {
		const {sort} = this.#view
		const rows = shownRows(this.#services, this.#view).length
		this.#view = press(this.#view, key, roomFor(this.#terminal.size()), rows)
		if (this.#view.sort !== sort) {
			this.#history.take(this.#services, this.#view.sort)
		}
		this.draw()
	}

	draw(): void {
		const size = this.#terminal.size()
		const rows = shownRows(this.#services, this.#view, this.#history)
		const first = within(this.#view.first, rows.length - roomFor(size))
		const lines = drawScreen(this.#services, rows, {title: this.#title(), help: this.#help(), first}, size)
		this.#terminal.write(screenText(lines, HEADER_LINE))
	}

	#title(): string {
		const {nodeName, interval, clock} = this.#options
		const time = new Date(clock.wall()).toTimeString().slice(0, 8)
		return `kube-lvs top  ${nodeName}  ${time}  every ${interval / 1000}s`
	}

	#help(): string {
		return `q quit  s sort (${this.#view.sort})  e endpoints  arrows, page up and down scroll`
	}
}
