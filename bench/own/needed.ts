import type {Objects} from '../objects.ts'

/**
 * What happens to one Service: an endpoint on another node takes the place of another, or one on this node; the Service
 * comes; the Service goes.
 */
export const CHANGE_KINDS = ['endpoint', 'localEndpoint', 'added', 'removed'] as const
export type ChangeKind = (typeof CHANGE_KINDS)[number]

/**
 * How many operations a change needs, from the scenario alone. A real server that goes is drained first, because only
 * then its connections can be counted; a virtual server takes them along. An endpoint of this node is a member of a set,
 * for its connections to itself, and a Service is one of two: its port and its VIP.
 */
export const neededOperations = (objects: Objects, kind: ChangeKind, service: number): number => {
	const {endpoints} = objects
	const local = Array.from({length: endpoints}, (_, at) => objects.isLocal(service, at)).filter(Boolean).length
	switch (kind) {
		case 'endpoint':
			return ADD + DRAIN + DELETE
		case 'localEndpoint':
			return ADD + DRAIN + DELETE + ADD_MEMBER + DELETE_MEMBER
		case 'added':
			return ADD_SERVER + BIND + endpoints * ADD + (MEMBERS + local) * ADD_MEMBER
		case 'removed':
			return DELETE_SERVER + UNBIND + endpoints * DRAIN + (MEMBERS + local) * DELETE_MEMBER
		default:
			throw kind satisfies never
	}
}

/** Of real servers, virtual servers, VIPs, set members: one operation each. */
const [ADD, DRAIN, DELETE] = [1, 1, 1]
const [ADD_SERVER, DELETE_SERVER] = [1, 1]
const [BIND, UNBIND] = [1, 1]
const [ADD_MEMBER, DELETE_MEMBER] = [1, 1]
const MEMBERS = 2
