import {compact} from '../compact.ts'
import type {PortEndpoint} from '../model/endpoints.ts'
import {
	type FlowTarget,
	type Listen,
	type RealServer,
	type RealServerKey,
	type VirtualServerState,
	virtualServerKey,
} from '../state/ipvs.ts'
import type {ReadonlyKeys} from '../state/readonly-keys.ts'
import {balancingOf} from './balancing.ts'
import {forwardingOf} from './forwarding.ts'
import type {PortContext} from './port-context.ts'

/** What one service port serves there. No endpoint means no real server: refusal, never a hang. */
export const serverStateOf = (
	context: PortContext,
	listen: Listen,
	chosen: readonly PortEndpoint[],
	destinations: readonly FlowTarget[],
): VirtualServerState => {
	const {scheduler, flags, persistence} = balancingOf(context, listen)
	const realServers = realServersOf(context, chosen)
	return {
		server: {key: virtualServerKey(listen), listen, scheduler, flags: compact(flags), persistence},
		realServers,
		flows: {destinations, serving: servingOf(context, realServers)},
		...waysInAndOut(context),
	}
}

/** Mostly those are the real servers, whose keys then serve for both. */
const servingOf = (
	{endpoints}: PortContext,
	realServers: ReadonlyMap<RealServerKey, RealServer>,
): ReadonlyKeys<RealServerKey> => {
	const serving = endpoints.filter(({serving}) => serving)
	return serving.length === realServers.size && serving.every(({key}) => realServers.has(key))
		? realServers
		: new Set(serving.map(({key}) => key))
}

/** How real servers come and go. */
const waysInAndOut = ({
	settings: {slowStart, drainDeadline, udpDrain},
	port,
}: PortContext): Pick<VirtualServerState, 'slowStart' | 'drainDeadline' | 'drainsUDP'> => ({
	...(slowStart === undefined ? {} : {slowStart}),
	...(drainDeadline === undefined ? {} : {drainDeadline}),
	...(udpDrain && port.protocol === 'udp' ? {drainsUDP: true} : {}),
})

const realServersOf = (
	context: PortContext,
	endpoints: readonly PortEndpoint[],
): ReadonlyMap<RealServerKey, RealServer> => {
	const {settings, weights} = context
	const {upperThreshold: upper, lowerThreshold: lower = 0} = settings
	const {forwarding, tunnel} = forwardingOf(context)
	const more = {...(tunnel && {tunnel}), ...(upper === undefined ? {} : {limits: {upper, lower}})}
	const hasMore = tunnel !== undefined || upper !== undefined
	const realServers = new Map<RealServerKey, RealServer>()
	for (const endpoint of endpoints) {
		const {key, address, port, slice} = endpoint
		const weight = weights.of(endpoint, slice).weight * weights.scale
		const server = {key, address, port, weight, forwarding}
		realServers.set(key, hasMore ? {...server, ...more} : server)
	}
	return realServers
}
