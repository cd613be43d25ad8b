import type {Config} from '../config/fields.ts'
import type {EndpointSlice} from '../model/endpoint-slice.ts'
import {endpointsOf} from '../model/endpoints.ts'
import type {NodeContext} from '../model/node-context.ts'
import {objectKey} from '../model/object.ts'
import type {Service} from '../model/service.ts'
import type {VirtualServerKey} from '../state/ipvs.ts'
import type {Listener, ServiceState, SetMember} from '../state/service-state.ts'
import {vipsOf} from './addresses.ts'
import {hairpinMembers, vipMembers} from './ipset.ts'
import {realServersOf, virtualServerOf} from './ipvs.ts'

/** What one Service asks of this node's kernel; undefined for a Service that is not ours to serve. */
export const compileService = (
	service: Service,
	slices: Iterable<EndpointSlice>,
	node: NodeContext,
	config: Config,
): ServiceState | undefined => {
	if (!isServed(service)) {
		return undefined
	}
	const listeners = new Map<VirtualServerKey, Listener>()
	const members: SetMember[] = []
	const known = [...slices]
	for (const family of node.families) {
		for (const port of service.ports) {
			const endpoints = endpointsOf(known, port, family)
			const realServers = realServersOf(endpoints)
			const vips = vipsOf(service, port, family, node)
			for (const vip of vips) {
				const server = virtualServerOf(service, port, vip, config)
				const listener = {
					state: {server, realServers},
					vip: vip.isBound ? vip.address : undefined,
					members: vipMembers(vip, port.protocol),
				}
				listeners.set(server.key, mergeListeners(listeners.get(server.key), listener))
			}
			members.push(...(vips.length > 0 ? hairpinMembers(endpoints, port.protocol, node.name) : []))
		}
	}
	const owner = {key: objectKey(service.namespace, service.name), createdAt: service.createdAt}
	return {owner, listeners: [...listeners.values()], members}
}

/** Headless and ExternalName Services, and those of another service proxy, have nothing here. */
const isServed = (service: Service): boolean =>
	service.clusterIPs.length > 0 && service.type !== 'ExternalName' && service.proxyName === undefined

/** One address may be an external IP and a load-balancer IP at once: one virtual server, the members of both. */
const mergeListeners = (first: Listener | undefined, second: Listener): Listener =>
	first ? {...first, members: [...first.members, ...second.members]} : second
