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
	let members = 0
	for (const vip of addresses.values()) {
		const {ports, whyNot} = rangesOf(vip, contexts[0], MOST_MEMBERS - members)
		members += membersOf(vip, ports, contexts[0])
		vips.push(...ports.map(ports => ({...placeOf(vip), ports})))
		problems.push(...whyNot)
	}
	return {vips, problems}
}

/** Of the sets, in one family: addresses times ports times source ranges are soon more than fit into memory. */
const MOST_MEMBERS = 131_072

const membersOf = ({kind}: Vip, ports: readonly Ports[], context: PortContext | undefined): number => {
	const ranges = context && kind === 'load-balancer' ? sourceRangesOf(context.service, context.family) : undefined
	// The mark; with ranges the closed port, each of them, and the node itself.
	const each = ranges ? ranges.length + 3 : 1
	return ports.reduce((sum, range) => sum + (range === 'all' ? 1 : range.last - range.first + 1), 0) * each
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
const rangesOf = (vip: Vip, context: PortContext | undefined, membersLeft: number): Ranges => {
	const {address} = vip
	const asked = context?.settings.portRange
	if (!context || asked === undefined) {
		return NO_RANGES
	}
	const refuse = (why: string, isOfNode?: true): Ranges => {
		const text = `${address} ${why}; it has spec.ports alone`
		return {
			ports: [],
			whyNot: [{...ignoredAnnotation(context.service, 'portRange', text), ...(isOfNode && {isOfNode})}],
		}
	}
	const isOwn = context.node.ownAddresses.has(address)
	if (asked === 'all') {
		if (isOwn) {
			return refuse('is an address of this node, which answers there itself', true)
		}
		return isOpen(vip, context) ? {ports: ['all'], whyNot: []} : refuse('has loadBalancerSourceRanges')
	}
	if (isOwn && asked.some(({last}) => last >= FIRST_EPHEMERAL)) {
		return refuse(`is an address of this node, whose own connections come from ports from ${FIRST_EPHEMERAL} on`, true)
	}
	// Whoever serves other ports of an API server's address leaves it that one.
	const isTaken = context.node.apiServers.some(
		server =>
			server.address === address &&
			asked.some(({protocol, first, last}) => protocol === 'tcp' && first <= server.port && server.port <= last),
	)
	if (isTaken) {
		return refuse('is where an API server answers on one of these ports')
	}
	const members = membersOf(vip, asked, context)
	return members > membersLeft
		? refuse(`needs ${members} members of sets, and ${membersLeft} of ${MOST_MEMBERS} are left for the Service`)
		: {ports: asked, whyNot: []}
}

const isOpen = ({kind}: Vip, {service, family}: PortContext): boolean =>
	kind !== 'load-balancer' || sourceRangesOf(service, family) === undefined

/**
 * The first port from which Linux connects (net.ipv4.ip_local_port_range, unless somebody has changed it): an answer to
 * such a port of the node would be taken for a new client of the Service.
 */
const FIRST_EPHEMERAL = 32_768
