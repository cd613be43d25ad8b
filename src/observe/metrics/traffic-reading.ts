import {type Clock, sleep} from '../../clock.ts'
import type {Metrics} from './metrics.ts'
import type {ServiceTraffic, TrafficSource} from './traffic-source.ts'

/** A reading is used for so many times as long as it took, so that readings take a tenth of the time at most. */
const REST = 9

/** Milliseconds that a scrape waits: Prometheus gives up after ten seconds. */
const PATIENCE = 3000

const NOTHING: ServiceTraffic = {servers: [], endpoints: []}

export interface TrafficReadingParts {
	readonly detail: 'service' | 'endpoint'
	readonly source: TrafficSource
	readonly clock: Clock
	readonly metrics: Pick<Metrics, 'trafficReads' | 'trafficReadsFailed'>
}

/**
 * Counters of Services, read when they are asked for.
 *
 * 1. One reading at a time, however many ask.
 * 2. What was read is used again for nine times as long as it took: with few Services for some milliseconds, with very
 *    many for as long as two scrapes are apart.
 * 3. Nobody waits longer than three seconds: then what was read last is told, and the reading goes on.
 * 4. What could not be read is not told, rather than told as it was.
 */
export class TrafficReading {
	readonly #parts: TrafficReadingParts
	#last = NOTHING
	#due = Number.NEGATIVE_INFINITY
	#reading: Promise<void> | undefined

	constructor(parts: TrafficReadingParts) {
		this.#parts = parts
	}

	/** Never rejects. */
	async read(): Promise<ServiceTraffic> {
		const {clock} = this.#parts
		if (!this.#reading && clock.now() >= this.#due) {
			this.#reading = this.#readNow()
		}
		if (this.#reading) {
			const isOver = new AbortController()
			const reading = this.#reading.finally(() => isOver.abort())
			await Promise.race([reading, sleep(clock, PATIENCE, isOver.signal)])
		}
		return this.#last
	}

	async #readNow(): Promise<void> {
		const {detail, source, clock, metrics} = this.#parts
		const start = clock.now()
		try {
			this.#last = await source.services(detail)
		} catch {
			this.#last = NOTHING
			metrics.trafficReadsFailed.inc()
		}
		const took = clock.now() - start
		metrics.trafficReads.observe(took / 1000)
		this.#due = start + took + took * REST
		this.#reading = undefined
	}
}
