/** In the order in which they are made. */
export const MEASUREMENT_NAMES = [
	'cold-sync',
	'cold-sync-profile',
	'floor',
	'ipvsadm',
	'keepalived',
	'changes',
	'audit',
	'churn',
	'heap',
	'process',
] as const

export type MeasurementName = (typeof MEASUREMENT_NAMES)[number]
