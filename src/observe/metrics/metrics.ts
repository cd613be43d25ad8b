import {Counter, Gauge, Histogram, type Registry} from 'prom-client'
import type {MetricDefinition, MetricTable} from './definition.ts'
import {KUBE_PROXY_METRICS} from './definitions/kube-proxy.ts'
import {METRICS} from './definitions.ts'
import {READERS, type Readings} from './readings.ts'

/**
 * Every metric, once. Those of kube-proxy are kept up in any case, and told only where `kubeProxyMetrics` asks for it.
 */
export const createMetrics = (
	registry: Registry,
	readings: () => Readings,
	{kubeProxyMetrics}: {readonly kubeProxyMetrics: boolean},
): Metrics => ({
	...make(METRICS, [registry], readings),
	...make(KUBE_PROXY_METRICS, kubeProxyMetrics ? [registry] : [], readings),
})

const make = <Table extends MetricTable>(
	table: Table,
	registers: Registry[],
	readings: () => Readings,
): Instruments<Table> =>
	Object.fromEntries(
		Object.entries(table).map(([key, definition]) => [key, makeOne(key, definition, {registers, readings})]),
	) as Instruments<Table>

const makeOne = (
	key: string,
	{type, name, help, labels, buckets = []}: MetricDefinition,
	{registers, readings}: {readonly registers: Registry[]; readonly readings: () => Readings},
) => {
	const common = {name, help, labelNames: Object.keys(labels), registers}
	const read = READERS[key]
	switch (type) {
		case 'counter':
			return new Counter(common)
		case 'histogram':
			return new Histogram({...common, buckets: [...buckets]})
		case 'gauge':
			return new Gauge({
				...common,
				...(read && {
					collect() {
						read(this, readings())
					},
				}),
			})
		default:
			return type satisfies never
	}
}

type LabelsOf<Definition extends MetricDefinition> = keyof Definition['labels'] & string

interface InstrumentOf<Label extends string> {
	readonly counter: Counter<Label>
	readonly gauge: Gauge<Label>
	readonly histogram: Histogram<Label>
}

type Instruments<Table extends MetricTable> = {
	readonly [Key in keyof Table]: InstrumentOf<LabelsOf<Table[Key]>>[Table[Key]['type']]
}

export type Metrics = Instruments<typeof METRICS & typeof KUBE_PROXY_METRICS>
