import type {Line} from '../../src/ipvsadm/parse.ts'
import {type VirtualServerState, virtualServerKey} from '../../src/state/ipvs.ts'

/** What a table makes of an empty kernel; real servers after their virtual server. */
export const parsedStates = (lines: readonly Line[]): ReadonlyMap<string, VirtualServerState> => {
	const states = new Map<string, VirtualServerState>()
	for (const {entry} of lines) {
		if (entry.kind === 'virtual-server') {
			states.set(entry.server.key, {server: entry.server, realServers: new Map()})
			continue
		}
		const state = states.get(virtualServerKey(entry.listen))
		if (!state) {
			throw new Error(`no virtual server for ${entry.realServer.key}`)
		}
		const realServers = new Map(state.realServers).set(entry.realServer.key, entry.realServer)
		states.set(state.server.key, {...state, realServers})
	}
	return states
}
