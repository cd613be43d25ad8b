import type {Address} from '../../src/net/address.ts'
import {type RealServer, realServerKey, type VirtualServerState} from '../../src/state/ipvs.ts'
import type {BenchState} from '../state.ts'

/** Of documentation (RFC 5737): no endpoint of a measurement has it. */
const ADDRESS = '192.0.2.1' as Address

/** The state with another address for the last real server of the virtual server in the middle, which is `server`. */
export const replaceRealServer = (
	state: BenchState,
): {readonly state: BenchState; readonly server: VirtualServerState} => {
	const middle = Math.floor(state.virtualServers.length / 2)
	const before = state.virtualServers[middle]
	const last = [...(before?.realServers.values() ?? [])].at(-1)
	if (!before || !last) {
		throw new Error('no real server to replace')
	}
	const next: RealServer = {...last, key: realServerKey(ADDRESS, last.port), address: ADDRESS}
	const others = [...before.realServers].filter(([key]) => key !== last.key)
	const server = {...before, realServers: new Map([...others, [next.key, next]])}
	return {state: {...state, virtualServers: state.virtualServers.with(middle, server)}, server}
}
