import type {Sampled} from './definitions/traffic.ts'

/** So many lines are handed on at once. */
const LINES = 500

/**
 * Prometheus' text format of these metrics, all samples of one after the other. For what may have a hundred thousand of
 * them: no object is made for each, and nobody has to hold the whole text.
 */
export function* renderSamples<Row>(
	metrics: readonly Sampled<Row>[],
	rows: readonly Row[],
	labelsOf: (row: Row) => Readonly<Record<string, string>>,
): Generator<string> {
	const labels = rows.map(row => renderLabels(labelsOf(row)))
	for (const {name, type, help, measure} of metrics) {
		let text = `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`
		for (const [at, row] of rows.entries()) {
			text += `${name}${labels[at]} ${measure(row)}\n`
			if (at % LINES === LINES - 1) {
				yield text
				text = ''
			}
		}
		yield `${text}\n`
	}
}

const renderLabels = (labels: Readonly<Record<string, string>>): string => {
	const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
	return pairs.length > 0 ? `{${pairs.join(',')}}` : ''
}

const escaped = (value: string): string => value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
