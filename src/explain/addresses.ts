import {SCHEDULER_FLAGS, type SchedulerFlag} from '../annotations/schedulers.ts'
import {externalAddresses, type Vip, vipsOf} from '../desired/addresses.ts'
import {judge} from '../desired/guard-rails.ts'
import type {PortContext} from '../desired/port-context.ts'
import {policyOf} from '../model/service.ts'
import {bitsOf, familyOf, formatSocketAddress} from '../net/address.ts'
import {formatForwarding, formatPersistence} from '../plan/format-operation.ts'
import {listenFamily, type VirtualServer, virtualServerKey} from '../state/ipvs.ts'
import type {Listener} from '../state/service-state.ts'
import type {AddressExplanation, ServerExplanation} from './explanation.ts'
import type {Sources} from './sources.ts'

/** Where one service port is served, and where it is not though it asks for it. */
export const explainAddresses = (context: PortContext, sources: Sources): readonly AddressExplanation[] => {
	const {service, port, family, node, config} = context
	const {vips} = vipsOf(service, port, {family, node}, config)
	return [...vips.flatMap(vip => explainVip(vip, context, sources)), ...explainUnserved(context)]
}

/** The virtual servers to which packets for this address and port come. */
export const listenersOf = ({address, port}: Vip, {port: {protocol}}: PortContext, {state}: Sources) =>
	(state?.listeners ?? []).filter(({state: {server, flows}}) =>
		server.listen.kind === 'address'
			? server.listen.protocol === protocol && server.listen.address === address && server.listen.port === port
			: flows?.destinations.some(
					target =>
						target.protocol === protocol &&
						target.address === address &&
						target.port <= port &&
						port <= (target.lastPort ?? target.port),
				),
	)

/** The other Service that has this address and port, by itself or as one of many. */
export const holderOf = ({address, port}: Vip, context: PortContext, {conflicts}: Sources): string | undefined => {
	const key = virtualServerKey({kind: 'address', protocol: context.port.protocol, address, port})
	return conflicts.find(({server}) => server === key)?.holder
}

const explainVip = (vip: Vip, context: PortContext, sources: Sources): readonly AddressExplanation[] => {
	const found = listenersOf(vip, context, sources)
	const policy = policyOf(context.service, vip.kind !== 'cluster-ip')
	const common = {kind: vip.kind, address: formatSocketAddress(vip.address, vip.port)}
	if (found.length === 0) {
		return [{...common, clients: 'all', policy, whyNot: 'no virtual server was asked for'}]
	}
	const [first, ...others] = found
	const holder = holderOf(vip, context, sources)
	if (holder !== undefined) {
		return [{...common, clients: 'all', policy, whyNot: `the older Service ${holder} has it`}]
	}
	return [
		...(first
			? [{...common, clients: others.length > 0 ? 'outside' : 'all', policy, ...serverOf(first, sources)} as const]
			: []),
		...others.map(
			listener => ({...common, clients: 'inside', policy: 'Cluster', ...serverOf(listener, sources)}) as const,
		),
	]
}

const serverOf = (listener: Listener, {conflicts, actual}: Sources): Pick<AddressExplanation, 'server' | 'whyNot'> => {
	const {key} = listener.state.server
	const holder = conflicts.find(({server}) => server === key)?.holder
	if (holder !== undefined) {
		return {whyNot: `the older Service ${holder} has it`}
	}
	return {server: describeServer(listener, actual?.virtualServers.has(key) ?? false)}
}

const describeServer = ({state: {server, realServers}}: Listener, isInKernel: boolean): ServerExplanation => {
	const [realServer] = realServers.values()
	const limits = realServer?.limits
	const lower = limits && limits.lower > 0 ? `, full until below ${limits.lower}` : ''
	return {
		key: server.key,
		balancing: balancingOf(server),
		forwarding: realServer ? formatForwarding(realServer) : '',
		...(limits ? {limits: `at most ${limits.upper} connections per endpoint${lower}`} : {}),
		isInKernel,
	}
}

const balancingOf = ({scheduler, flags, persistence, listen}: VirtualServer): string => {
	const names = Object.keys(SCHEDULER_FLAGS) as SchedulerFlag[]
	return [
		scheduler,
		...names.filter(name => SCHEDULER_FLAGS[name].scheduler === scheduler && flags.includes(SCHEDULER_FLAGS[name].bit)),
		...flags.filter(flag => flag === 'one-packet'),
		...(persistence ? [formatPersistence(persistence, bitsOf(listenFamily(listen)))] : []),
	].join(' ')
}

/** External addresses of this family that have no virtual server here. */
const explainUnserved = ({service, port, family, node, config}: PortContext): readonly AddressExplanation[] =>
	externalAddresses(service, {...config, serveExternalIPs: true}).flatMap(({kind, address}) => {
		const judgement = judge(kind, {address, port: port.port}, node, config)
		const whyNot =
			kind === 'external-ip' && !config.serveExternalIPs
				? 'serveExternalIPs is off'
				: judgement.kind === 'refuse'
					? `it ${judgement.why}`
					: judgement.kind === 'leave'
						? 'it is an address of another node'
						: undefined
		const policy = policyOf(service, true)
		return familyOf(address) === family && whyNot !== undefined ? [{kind, address, clients: 'all', policy, whyNot}] : []
	})
