import {ignoredAnnotation} from '../annotations/read.ts'
import type {Problem} from '../model/problem.ts'
import type {Ports} from '../net/port-range.ts'
import {type Vip, vipsOf} from './addresses.ts'
import {isSteered} from './forwarding.ts'
import type {PortContext} from './port-context.ts'
import {sourceRangesOf} from './source-ranges.ts'

/** An address of a group, with some of its ports. */
export interface GroupedVip extends Omit<Vip, 'port'> {
	readonly ports: Ports
}

export interface GroupedVips {
	readonly vips: readonly GroupedVip[]
	readonly problems: readonly Problem[]
}

/** Where a group is served in one family: the ports of the Service, and those that an annotation adds. */
export const groupedVipsOf = (contexts: readonly PortContext[]): GroupedVips => {
	const vips: GroupedVip[] = []
	const problems: Problem[] = []
	const addresses = new Map<string, Vip>()
	for (const context of contexts) {
		const {service, port, family, node, config} = context
		const found = vipsOf(service, port, {family, node}, config)
		problems.push(...found.problems)
		for (const vip of found.vips.filter(vip => !isApart(vip, context))) {
			const {protocol, port: number} = port
			vips.push({...placeOf(vip), ports: {protocol, first: number, last: number}})
			addresses.set(`${vip.kind} ${vip.address}`, vip)
		}
	}
	for (const vip of addresses.values()) {
		const {ports, whyNot} = rangesOf(vip, contexts[0])
		vips.push(...ports.map(ports => ({...placeOf(vip), ports})))
		problems.push(...whyNot)
	}
	return {vips, problems}
}

/** Served by address and port: what the node has itself cannot be steered, and a ClusterIP need not be. */
export const isApart = ({kind, isBound}: Vip, {settings}: PortContext): boolean =>
	kind === 'node-port' || (isSteered(settings) && (!isBound || isMasqueraded(kind, settings)))

const isMasqueraded = (kind: Vip['kind'], {forwardingAddresses}: PortContext['settings']): boolean =>
	kind === 'cluster-ip' && forwardingAddresses === 'external'

const placeOf = ({kind, address, isBound}: Vip): Omit<Vip, 'port'> => ({kind, address, isBound})

interface Ranges {
	readonly ports: readonly Ports[]
	readonly whyNot: readonly Problem[]
}

const NO_RANGES: Ranges = {ports: [], whyNot: []}

/** What of the annotated ports is served on an address of the Service. */
const rangesOf = ({kind, address}: Vip, context: PortContext | undefined): Ranges => {
	const asked = context?.settings.portRange
	if (!context || asked === undefined) {
		return NO_RANGES
	}
	const {service, node, family} = context
	const ignored = (why: string) => ignoredAnnotation(service, 'portRange', `${address} ${why}; it has spec.ports alone`)
	if (asked === 'all') {
		const isOpen = kind !== 'load-balancer' || sourceRangesOf(service, family) === undefined
		if (node.ownAddresses.has(address)) {
			return {
				ports: [],
				whyNot: [{...ignored('is an address of this node, which answers there itself'), isOfNode: true}],
			}
		}
		return isOpen ? {ports: ['all'], whyNot: []} : {ports: [], whyNot: [ignored('has loadBalancerSourceRanges')]}
	}
	// Whoever serves other ports of an API server's address leaves it that one.
	const isTaken = node.apiServers.some(
		server =>
			server.address === address &&
			asked.some(({protocol, first, last}) => protocol === 'tcp' && first <= server.port && server.port <= last),
	)
	return isTaken
		? {ports: [], whyNot: [ignored('is where an API server answers on one of these ports')]}
		: {ports: asked, whyNot: []}
}
