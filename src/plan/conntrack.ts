import type {FlowPolicy} from '../state/conntrack.ts'
import type {Operation} from './operation.ts'

/** Tracked flows to real servers that go at once: without this a client that keeps its port keeps a dead one, too. */
export const planFlows = (operations: readonly Operation[], policy: FlowPolicy): readonly Operation[] =>
	operations.flatMap((operation): readonly Operation[] => {
		if (operation.kind !== 'delete-real-server' || operation.server.listen.kind !== 'address') {
			return []
		}
		const {protocol, address: vip, port: vipPort} = operation.server.listen
		const {address: realServer, port: realServerPort} = operation.realServer
		return policy.endWithRealServer.has(protocol)
			? [{kind: 'delete-flows', flow: {protocol, vip, vipPort, realServer, realServerPort}}]
			: []
	})
