import type {FlowTarget, VirtualServerKey, VirtualServerState} from '../state/ipvs.ts'

/** Where clients send to whose packets get a firewall mark, and for which Service (`namespace/name`). */
export interface MarkedTarget extends FlowTarget {
	readonly service: string
}

/** Of all virtual servers for firewall marks: their keys do not say it. */
export const markedTargets = (
	servers: Iterable<VirtualServerState>,
	owners: ReadonlyMap<VirtualServerKey, string>,
): readonly MarkedTarget[] =>
	[...servers].flatMap(({server, flows}) => {
		const service = owners.get(server.key)
		return server.listen.kind === 'firewall-mark' && service !== undefined
			? (flows?.destinations ?? []).map(target => ({...target, service}))
			: []
	})
