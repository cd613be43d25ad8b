import {type Address, parseAddress} from './address.ts'

/** Where a server listens; see `formatSocketAddress`. */
export interface SocketAddress {
	readonly address: Address
	readonly port: number
}

/** `192.0.2.10:80`, `[fd00::a]:80`, or an address alone, which gets the default port; undefined for anything else. */
export const parseSocketAddress = (text: string, defaultPort: number): SocketAddress | undefined => {
	const alone = parseAddress(text)
	if (alone) {
		return {address: alone, port: defaultPort}
	}
	const [, ipv6, ipv4, digits] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? []
	const address = parseAddress(ipv6 ?? ipv4 ?? '')
	const port = Number(digits)
	const isOfItsForm = address?.includes(':') === (ipv6 !== undefined)
	return address && isOfItsForm && port >= 1 && port <= 65535 ? {address, port} : undefined
}
