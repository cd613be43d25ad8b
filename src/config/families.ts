import {type Family, familyOf} from '../net/address.ts'
import {type Prefix, prefixFamily} from '../net/prefix.ts'
import type {Config} from './fields.ts'

interface FamilyFindings {
	readonly warnings: readonly string[]
	/** What cannot work at all. */
	readonly errors: readonly string[]
}

/** What of the configuration does not go with the families that this node has; `FIELD: ...`, as kube-proxy finds it. */
export const checkFamilies = (config: Config, families: readonly Family[]): FamilyFindings => {
	const isWrong = (family: Family) => !families.includes(family)
	const areAllWrong = (prefixes: readonly Prefix[]) => prefixes.length > 0 && prefixes.map(prefixFamily).every(isWrong)
	const {clusterCIDR, excludeCIDRs, bindAddress, healthzBindAddress, metricsBindAddress} = config
	const useless = (field: string) => `${field}: nothing of it is of a family of this node (${families.join(', ')})`
	const listening = Object.entries({
		bindAddress,
		healthz: healthzBindAddress?.address,
		metrics: metricsBindAddress?.address,
	})
		.filter(([, address]) => address !== undefined && isWrong(familyOf(address)))
		.map(([name]) => useless(name === 'bindAddress' ? name : `${name}BindAddress`))
	return {
		warnings: [
			...listening,
			...(areAllWrong(excludeCIDRs) ? [useless('excludeCIDRs')] : []),
			...checkNodePorts(config, families),
		],
		errors: config.detectLocalMode === 'ClusterCIDR' && areAllWrong(clusterCIDR) ? [useless('clusterCIDR')] : [],
	}
}

const checkNodePorts = ({nodePortAddresses}: Config, families: readonly Family[]): readonly string[] => {
	if (nodePortAddresses === 'primary') {
		return []
	}
	const named = new Set(nodePortAddresses.map(prefixFamily))
	return families
		.filter(family => !named.has(family))
		.map(family => `nodePortAddresses: node ports answer on every ${family} address; to have fewer, name networks`)
}
