import type {Connection} from '../kernel/ipvs/connections.ts'
import {addressToBytes, familyOf} from '../net/address.ts'
import {parseProtocol} from '../net/protocol.ts'
import type {LocalStatus} from '../observe/local-server.ts'
import {virtualServerKey} from '../state/ipvs.ts'

/** `namespace/name` of the Service that a connection goes to; undefined where it is not known. */
export type FindService = (connection: Connection) => string | undefined

/** By what a running kube-lvs tells. */
export const serviceFinder = ({owners, targets = []}: Pick<LocalStatus, 'owners' | 'targets'>): FindService => {
	const byAddress = Map.groupBy(targets, ({protocol, address}) => `${protocol} ${address}`)
	return connection => {
		const {virtual} = connection
		const protocol = parseProtocol(connection.protocol)
		if (!protocol) {
			return owners[keyOfMark(connection)]
		}
		return (
			owners[virtualServerKey({kind: 'address', protocol, ...virtual})] ??
			byAddress
				.get(`${protocol} ${virtual.address}`)
				?.find(({port, lastPort = port}) => port <= virtual.port && virtual.port <= lastPort)?.service
		)
	}
}

/** What is remembered of the client of a mark has the mark where other connections have their address. */
const keyOfMark = ({virtual: {address}}: Connection): string => {
	const mark = Buffer.from(addressToBytes(address)).readUInt32BE()
	return virtualServerKey({kind: 'firewall-mark', family: familyOf(address), mark})
}
