import {lookup} from 'node:dns/promises'
import {parseAddress} from '../net/address.ts'
import type {SocketAddress} from '../net/socket-address.ts'

/** Where these servers (URLs) answer now; a name that cannot be resolved has no address. */
export const apiServerAddresses = async (servers: readonly string[]): Promise<readonly SocketAddress[]> => {
	const found = await Promise.all(
		servers.map(async server => {
			const {hostname, port, protocol} = new URL(server)
			const host = hostname.replace(/^\[(.*)\]$/, '$1')
			const addresses = await lookup(host, {all: true}).catch(() => [])
			return addresses.flatMap(({address: text}) => {
				const address = parseAddress(text)
				return address ? {address, port: Number(port) || (protocol === 'http:' ? 80 : 443)} : []
			})
		}),
	)
	return found.flat()
}
