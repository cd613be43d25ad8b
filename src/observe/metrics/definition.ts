/** One metric as it is documented and registered. */
export interface MetricDefinition {
	readonly name: string
	readonly type: 'counter' | 'gauge' | 'histogram'
	readonly help: string
	/** What a value counts, or its unit: `seconds`, `bytes`, `ratio`, `syncs`. */
	readonly unit: string
	/** Each label, with the values that it has. */
	readonly labels: Readonly<Record<string, string>>
	/** Upper bounds, of histograms. */
	readonly buckets?: readonly number[]
}

export type MetricTable = Readonly<Record<string, MetricDefinition>>

export const IP_FAMILY = {ip_family: '`IPv4` or `IPv6`'} as const
