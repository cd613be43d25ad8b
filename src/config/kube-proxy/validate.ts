import {parsePrefix, prefixFamily} from '../../net/prefix.ts'
import {writeDuration} from './field.ts'
import type {Value} from './kinds.ts'

type Values = ReadonlyMap<string, Value>

/** kube-proxy's rules that span several fields, on what its file says; a line for each that is broken. */
export const checkTogether = (values: Values): readonly string[] => [
	...checkPeriods(values),
	...checkClusterCIDR(values),
	...NEEDS.flatMap(([mode, path]) =>
		values.get('detectLocalMode') === mode && !values.get(path) ? [`${path}: needed by detectLocalMode ${mode}`] : [],
	),
]

const NEEDS = [
	['BridgeInterface', 'detectLocal.bridgeInterface'],
	['InterfaceNamePrefix', 'detectLocal.interfaceNamePrefix'],
] as const

const DEFAULT_SYNC_PERIOD = 30_000

const checkPeriods = (values: Values): readonly string[] => {
	const period = values.get('ipvs.syncPeriod') || DEFAULT_SYNC_PERIOD
	const minimum = values.get('ipvs.minSyncPeriod') ?? 0
	return Number(minimum) > Number(period)
		? [`ipvs.minSyncPeriod: ${writeDuration(minimum)} is longer than ipvs.syncPeriod, ${writeDuration(period)}`]
		: []
}

/** In every other mode kube-proxy takes any text for clusterCIDR. */
export const usesClusterCIDR = (values: Values): boolean => {
	const mode = values.get('detectLocalMode') || 'ClusterCIDR'
	return mode === 'ClusterCIDR'
}

/** What is no network at all is said elsewhere. */
const checkClusterCIDR = (values: Values): readonly string[] => {
	const networks = String(values.get('clusterCIDR') ?? '')
		.split(',')
		.flatMap(text => parsePrefix(text) ?? [])
	const families = new Set(networks.map(prefixFamily))
	return usesClusterCIDR(values) && networks.length > families.size
		? ['clusterCIDR: expected one network, or one of each family']
		: []
}
