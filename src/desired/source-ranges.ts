import {NONE} from '../compact.ts'
import {type Problem, serviceReference} from '../model/problem.ts'
import type {Service} from '../model/service.ts'
import {type Address, bitsOf, type Family, familyOf} from '../net/address.ts'
import {formatPrefix, type Prefix, prefixContains, prefixFamily} from '../net/prefix.ts'
import type {Protocol} from '../net/protocol.ts'
import {addressPortEntry, type SetName, setName} from '../state/ipset.ts'
import type {SetMember} from '../state/service-state.ts'

/** The networks that may use the load-balancer IPs of one family; undefined for everybody. */
export const sourceRangesOf = (service: Service, family: Family): readonly Prefix[] | undefined => {
	const ranges = service.loadBalancerSourceRanges.filter(range => prefixFamily(range) === family)
	return ranges.length === 0 || ranges.some(range => range.length === 0) ? undefined : ranges
}

/**
 * What the fixed rules have to know of the source ranges of one load-balancer IP (kube-proxy ipvs/proxier.go). The node
 * itself is let in when its own address is in one of them: its source address is the load-balancer IP then.
 */
export const sourceRangeMembers = (
	{address, port}: {readonly address: Address; readonly port: number},
	protocol: Protocol,
	ranges: readonly Prefix[],
	nodeAddresses: readonly Address[],
): readonly SetMember[] =>
	sourceRangeSuffixes(address, ranges, nodeAddresses).map(({set, suffix}) => ({
		set,
		entry: addressPortEntry(address, protocol, port) + suffix,
	}))

/** The same for any port of the address: what each member has behind address, protocol and port. */
export const sourceRangeSuffixes = (
	address: Address,
	ranges: readonly Prefix[],
	nodeAddresses: readonly Address[],
): readonly {readonly set: SetName; readonly suffix: string}[] => {
	const family = familyOf(address)
	const isNodeIn = ranges.some(range => nodeAddresses.some(own => prefixContains(range, own)))
	return [
		{set: setName('LOAD-BALANCER-FW', family), suffix: ''},
		...ranges.map(range => ({
			set: setName('LOAD-BALANCER-SOURCE-CIDR', family),
			suffix: `,${range.length === bitsOf(family) ? range.address : formatPrefix(range)}`,
		})),
		...(isNodeIn ? [{set: setName('LOAD-BALANCER-SOURCE-IP', family), suffix: `,${address}`}] : []),
	]
}

/** A load-balancer IP of a family in which there is no range is open to everybody, which few expect. */
export const openFamilies = (service: Service): readonly Problem[] => {
	const {loadBalancerSourceRanges: ranges} = service
	if (ranges.length === 0) {
		return NONE
	}
	const families = new Set(service.loadBalancerIPs.map(familyOf))
	return [...families]
		.filter(family => ranges.every(range => prefixFamily(range) !== family))
		.map(family => ({
			object: serviceReference(service),
			field: 'spec.loadBalancerSourceRanges',
			reason: 'OpenLoadBalancer',
			message: `no range is of family ${family}, so everybody is let in over it`,
		}))
}
