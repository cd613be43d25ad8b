import type {Connection} from '../kernel/ipvs/connections.ts'
import {addressToBytes, bitsOf, familyOf, parseAddress} from '../net/address.ts'
import {bytesContain, type Prefix, parsePrefix} from '../net/prefix.ts'
import {parseSocketAddress, type SocketAddress} from '../net/socket-address.ts'
import {Failure} from './failure.ts'
import type {FindService} from './find-service.ts'
import {serviceFilter} from './service-filter.ts'

/** What was asked for, as it was written; a connection has to fit all that is given. */
export interface ConnectionOptions {
	readonly service?: string
	readonly client?: string
	readonly endpoint?: string
	readonly state?: string
	readonly protocol?: string
}

/** Throws a Failure for what is no filter. */
export const connectionFilter = (
	{service, client, endpoint, state, protocol}: ConnectionOptions,
	findService: FindService,
): ((connection: Connection) => boolean) => {
	const isClient = socketFilter('--client', client)
	const isEndpoint = socketFilter('--endpoint', endpoint)
	const isService = serviceFilter(service)
	const states = state === undefined ? undefined : new Set(state.toUpperCase().split(','))
	return connection =>
		(protocol === undefined || connection.protocol === protocol) &&
		(states === undefined || states.has(connection.state)) &&
		isClient(connection.client) &&
		isEndpoint(connection.realServer) &&
		(service === undefined || isService(findService(connection)))
}

type SocketFilter = (socket: SocketAddress) => boolean

/** `10.1.0.0/16`, `10.1.2.3`, `10.1.2.3:80`, `[fd00::1]:80`; undefined is any. */
const socketFilter = (flag: string, text: string | undefined): SocketFilter => {
	if (text === undefined) {
		return () => true
	}
	const prefix = parsePrefix(text) ?? prefixOfOne(text)
	if (prefix) {
		const network = addressToBytes(prefix.address)
		return ({address}) => bytesContain(network, prefix.length, addressToBytes(address))
	}
	const wanted = parseSocketAddress(text, 0)
	if (!wanted) {
		throw new Failure(`${flag} ${text}: expected an address, an address with its port, or a network in CIDR form`)
	}
	return ({address, port}) => address === wanted.address && port === wanted.port
}

const prefixOfOne = (text: string): Prefix | undefined => {
	const address = parseAddress(text)
	return address && {address, length: bitsOf(familyOf(address))}
}
