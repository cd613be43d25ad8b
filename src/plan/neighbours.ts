import type {Address} from '../net/address.ts'
import type {VirtualServer} from '../state/ipvs.ts'
import type {ActualState, WantedState} from '../state/node-state.ts'

/** This address is somebody else's, whom the node must reach: nothing of ours may stay there, not even to drain. */
export const isNeighbours = (
	address: Address,
	{neighbours: {nodes, apiServers}}: WantedState,
	{gateways, hostAddresses}: ActualState,
): boolean =>
	!hostAddresses.has(address) &&
	(nodes.has(address) || gateways.has(address) || apiServers.some(server => server.address === address))

/** The same for one port: an API server may be on this node. */
export const standsInTheWay = ({listen}: VirtualServer, wanted: WantedState, actual: ActualState): boolean =>
	listen.kind === 'address' &&
	(isNeighbours(listen.address, wanted, actual) ||
		wanted.neighbours.apiServers.some(({address, port}) => address === listen.address && port === listen.port))
