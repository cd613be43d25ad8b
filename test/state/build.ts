import {type Address, parseAddress} from '../../src/net/address.ts'
import type {Protocol} from '../../src/net/protocol.ts'
import {
	type Listen,
	type RealServer,
	realServerKey,
	type VirtualServer,
	type VirtualServerState,
	virtualServerKey,
} from '../../src/state/ipvs.ts'

/** Throws for what is no address. */
export const address = (text: string): Address => {
	const parsed = parseAddress(text)
	if (!parsed) {
		throw new Error(`${text}: no address`)
	}
	return parsed
}

/** From `10.96.0.10:80` or `[fd00::a]:80`. */
const socket = (text: string): {address: Address; port: number} => {
	const at = text.lastIndexOf(':')
	return {address: address(text.slice(0, at).replace(/^\[|\]$/g, '')), port: Number(text.slice(at + 1))}
}

/** From `tcp 10.96.0.10:80`; scheduler rr, no flags, no persistence unless `settings` say otherwise. */
export const virtualServer = (
	text: string,
	settings: Partial<Pick<VirtualServer, 'scheduler' | 'flags' | 'persistence'>> = {},
): VirtualServer => {
	const [protocol, where = ''] = text.split(' ')
	return withKey({kind: 'address', protocol: protocol as Protocol, ...socket(where)}, settings)
}

export const withKey = (
	listen: Listen,
	settings: Partial<Pick<VirtualServer, 'scheduler' | 'flags' | 'persistence'>> = {},
): VirtualServer => ({
	key: virtualServerKey(listen),
	listen,
	scheduler: 'rr',
	flags: [],
	persistence: undefined,
	...settings,
})

/** From `10.244.1.5:8080`; weight 1, masquerade unless `settings` say otherwise. */
export const realServer = (
	text: string,
	settings: Partial<Omit<RealServer, 'key' | 'address' | 'port'>> = {},
): RealServer => {
	const {address, port} = socket(text)
	return {key: realServerKey(address, port), address, port, weight: 1, forwarding: 'masquerade', ...settings}
}

export const serverState = (
	server: VirtualServer,
	realServers: readonly (string | RealServer)[] = [],
): VirtualServerState => ({
	server,
	realServers: new Map(
		realServers.map(item => (typeof item === 'string' ? realServer(item) : item)).map(item => [item.key, item]),
	),
})
