/** What Prometheus has of one node that it scrapes once a minute, as promtool takes it; times count from `start`. */
export class Scrapes {
	readonly #start: number
	readonly #values = new Map<string, Map<number, string>>()
	#count = 0

	/** Milliseconds since 1970. */
	constructor(start: number) {
		this.#start = start
	}

	/** Takes the text of one scrape. */
	add(text: string): void {
		for (const [, metric = '', labels = '', value = ''] of text.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)$/gm)) {
			const series = `${metric}{job="kube-system/kube-lvs",instance="n1"${labels && `,${labels}`}}`
			const values = this.#values.get(series) ?? new Map<number, string>()
			this.#values.set(series, values)
			values.set(
				this.#count,
				metric.endsWith('_timestamp_seconds') ? String(Number(value) - this.#start / 1000) : value,
			)
		}
		this.#count++
	}

	get series(): readonly {readonly series: string; readonly values: string}[] {
		return [...this.#values].map(([series, values]) => ({
			series,
			values: Array.from({length: this.#count}, (_, at) => values.get(at) ?? '_').join(' '),
		}))
	}
}
