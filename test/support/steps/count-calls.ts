import {Session} from 'node:inspector/promises'

/** Counts the calls of all functions of `src/`, from one `take` to the next. */
export class CallCounter {
	readonly #session = new Session()

	async start(): Promise<void> {
		this.#session.connect()
		await this.#session.post('Profiler.enable')
		await this.#session.post('Profiler.startPreciseCoverage', {callCount: true, detailed: false})
	}

	/** By the function's file, name and place in it. */
	async take(): Promise<ReadonlyMap<string, number>> {
		const {result} = await this.#session.post('Profiler.takePreciseCoverage')
		const calls = new Map<string, number>()
		for (const {url, functions} of result.filter(({url}) => url.includes('/src/'))) {
			for (const {functionName, ranges} of functions) {
				const [{startOffset = 0, count = 0} = {}] = ranges
				if (count > 0) {
					calls.set(`${url.slice(url.indexOf('/src/') + 1)} ${functionName} at character ${startOffset}`, count)
				}
			}
		}
		return calls
	}

	async stop(): Promise<void> {
		await this.#session.post('Profiler.stopPreciseCoverage')
		this.#session.disconnect()
	}
}
