import type {PortEndpoint} from '../model/endpoints.ts'
import {
	type FlowTarget,
	type Listen,
	type RealServer,
	type RealServerKey,
	realServerKey,
	type VirtualServerState,
	virtualServerKey,
} from '../state/ipvs.ts'
import {balancingOf} from './balancing.ts'
import {forwardingOf} from './forwarding.ts'
import type {PortContext} from './port-context.ts'

/** What one service port serves there. No endpoint means no real server: refusal, never a hang. */
export const serverStateOf = (
	context: PortContext,
	listen: Listen,
	chosen: readonly PortEndpoint[],
	destinations: readonly FlowTarget[],
): VirtualServerState => ({
	server: {key: virtualServerKey(listen), listen, ...balancingOf(context, listen)},
	realServers: realServersOf(context, chosen),
	flows: {
		destinations,
		serving: new Set(
			context.endpoints.filter(({serving}) => serving).map(endpoint => realServerKey(endpoint.address, endpoint.port)),
		),
	},
	...waysInAndOut(context),
})

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
	const limits = upper === undefined ? {} : {limits: {upper, lower}}
	const forwarding = forwardingOf(context)
	return new Map(
		endpoints.map(endpoint => {
			const {address, port, slice} = endpoint
			const key = realServerKey(address, port)
			const weight = weights.of(endpoint, slice).weight * weights.scale
			return [key, {key, address, port, weight, ...forwarding, ...limits}] as const
		}),
	)
}
