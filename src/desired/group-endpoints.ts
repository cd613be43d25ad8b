import type {ServiceSettings} from '../annotations/fields.ts'
import {ignoredAnnotation} from '../annotations/read.ts'
import type {PortEndpoint} from '../model/endpoints.ts'
import type {Problem} from '../model/problem.ts'
import type {Address} from '../net/address.ts'
import {realServerKey} from '../state/ipvs.ts'
import {isSteered} from './forwarding.ts'
import type {PortContext} from './port-context.ts'

/** The settings by which the ports of a Service are served as one. */
export const groupSettings = (settings: ServiceSettings): readonly (keyof ServiceSettings)[] => [
	...(settings.groupPorts ? (['groupPorts'] as const) : []),
	...(settings.portRange ? (['portRange'] as const) : []),
	...(isSteered(settings) ? (['forwardingMethod'] as const) : []),
]

/** Why these service ports cannot be served as one; undefined where they can. IPVS keeps the port of the packet then. */
export const whyNotGrouped = (contexts: readonly PortContext[]): string | undefined => {
	for (const {port, endpoints} of contexts) {
		const other = endpoints.find(endpoint => endpoint.port !== port.port)
		if (other) {
			const name = port.name === '' ? `port ${port.port}` : `port ${port.name} (${port.port})`
			return `${other.address} serves ${name} as ${other.port}, and targetPort must be the same number as port`
		}
	}
	return undefined
}

/**
 * All ports of one family as one: the endpoints that serve every one of them, with port 0, which is what IPVS calls the
 * port that a packet comes for. An endpoint is as ready as its least ready port.
 */
export const groupContextOf = (contexts: readonly PortContext[], first: PortContext): PortContext => {
	const byPort = contexts.map(({endpoints}) => new Map(endpoints.map(endpoint => [endpoint.address, endpoint])))
	const endpoints = first.endpoints.flatMap((endpoint): readonly PortEndpoint[] => {
		const all = byPort.flatMap(endpoints => endpoints.get(endpoint.address) ?? [])
		const merged = {
			ready: all.every(({ready}) => ready),
			serving: all.every(({serving}) => serving),
			terminating: all.some(({terminating}) => terminating),
		}
		return all.length === contexts.length
			? [{...endpoint, ...merged, port: 0, key: realServerKey(endpoint.address, 0)}]
			: []
	})
	const isUDP = isOnlyUDP(contexts, first.settings)
	const port = {name: '', protocol: isUDP ? 'udp' : 'tcp', port: 0, nodePort: 0} as const
	return {...first, port, endpoints, isGroup: true}
}

/** Settings that are for UDP alone count for a group that has nothing else. */
const isOnlyUDP = (contexts: readonly PortContext[], {portRange = []}: ServiceSettings): boolean =>
	portRange !== 'all' && [...contexts.map(({port}) => port), ...portRange].every(({protocol}) => protocol === 'udp')

/** A text for people; there may be thousands. */
const MOST_NAMED = 5

/** Endpoints that serve some ports only, which a group cannot send clients to. */
export const strangersOf = (contexts: readonly PortContext[]): readonly Problem[] => {
	const [first] = contexts
	const counts = new Map<Address, number>()
	for (const {endpoints} of contexts) {
		for (const address of new Set(endpoints.map(endpoint => endpoint.address))) {
			counts.set(address, (counts.get(address) ?? 0) + 1)
		}
	}
	const strangers = [...counts].filter(([, count]) => count < contexts.length).map(([address]) => address)
	if (!first || strangers.length === 0) {
		return []
	}
	const named = strangers.sort().slice(0, MOST_NAMED).join(', ')
	const others = strangers.length > MOST_NAMED ? ` and ${strangers.length - MOST_NAMED} more` : ''
	const why = `${named}${others}: to be one of a group an endpoint has to serve every port of the Service`
	return groupSettings(first.settings).map(setting => ignoredAnnotation(first.service, setting, `for ${why}`))
}
