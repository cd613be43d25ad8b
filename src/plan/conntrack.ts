import type {WantedState} from '../state/node-state.ts'
import type {Operation} from './operation.ts'

/** Tracked flows to real servers that go at once: without this a client that keeps its port keeps a dead one, too. */
export const planFlows = (operations: readonly Operation[], wanted: WantedState): readonly Operation[] => {
	const flows = new Map<string, Operation>()
	for (const operation of operations) {
		if (operation.kind !== 'delete-real-server' || operation.server.listen.kind !== 'address') {
			continue
		}
		const {protocol, address: vip, port: vipPort} = operation.server.listen
		const {key} = operation.server
		if (wanted.fixed.flowPolicy.endWithRealServer.has(protocol)) {
			const keep = new Set(wanted.virtualServers.get(key)?.realServers.keys())
			flows.set(key, {kind: 'delete-flows', flow: {protocol, vip, vipPort, keep}})
		}
	}
	return [...flows.values()]
}
