import {type Address, addressToBytes, bitsOf, type Family, familyOf, formatSocketAddress} from '../net/address.ts'
import {PROTOCOL_NUMBERS, type Protocol} from '../net/protocol.ts'
import {
	type ForwardingMethod,
	type Listen,
	listenFamily,
	type Persistence,
	PLAIN_TUNNEL,
	type RealServer,
	type Tunnel,
	type TunnelChecksum,
	type VirtualServer,
	type VirtualServerState,
} from '../state/ipvs.ts'
import {formatSchedulerFlags} from './scheduler-flags.ts'

/**
 * A line for each virtual server and below it one for each of its real servers, as `ipvsadm -S -n` writes them and
 * `ipvsadm -R` reads them; with the limits of real servers and marks above 0x7fffffff, which ipvsadm reads but does not
 * write. Sorted, so that two tables can be compared.
 */
export const formatTable = (states: Iterable<VirtualServerState>): readonly string[] =>
	sortedBy(states, ({server}) => listenOrder(server.listen)).flatMap(({server, realServers}) => [
		formatVirtualServer(server),
		...sortedBy(realServers.values(), ({address, port}) => socketOrder(address, port)).map(realServer =>
			formatRealServer(server.listen, realServer),
		),
	])

/** `-A -t 10.96.0.1:80 -s wrr -p 300 -M 255.255.255.0` */
export const formatVirtualServer = ({listen, scheduler, flags, persistence}: VirtualServer): string => {
	const schedulerFlags = formatSchedulerFlags(scheduler, flags)
	return [
		`-A ${formatListen(listen)} -s ${scheduler}`,
		...(persistence ? [formatPersistence(persistence, listenFamily(listen))] : []),
		...(flags.includes('one-packet') ? ['-o'] : []),
		...(schedulerFlags ? [`-b ${schedulerFlags}`] : []),
	].join(' ')
}

/** `-a -t 10.96.0.1:80 -r 10.244.1.5:8080 -m -w 1` */
export const formatRealServer = (listen: Listen, {address, port, ...settings}: RealServer): string => {
	const {forwarding, weight, limits, tunnel = PLAIN_TUNNEL} = settings
	return [
		`-a ${formatListen(listen)} -r ${formatSocketAddress(address, port)} ${METHODS[forwarding]} -w ${weight}`,
		...(limits && limits.upper > 0 ? [`-x ${limits.upper}`] : []),
		...(limits && limits.lower > 0 ? [`-y ${limits.lower}`] : []),
		...(forwarding === 'tunnel' ? [formatTunnel(tunnel)] : []),
	].join(' ')
}

/** `-t 10.96.0.1:80`, `-f 4097 -6`. */
const formatListen = (listen: Listen): string =>
	listen.kind === 'address'
		? `${PROTOCOLS[listen.protocol]} ${formatSocketAddress(listen.address, listen.port)}`
		: `-f ${listen.mark}${listen.family === 'ipv6' ? ' -6' : ''}`

const PROTOCOLS: Readonly<Record<Protocol, string>> = {tcp: '-t', udp: '-u', sctp: '--sctp-service'}

const formatPersistence = ({timeoutSeconds, prefixLength, engine}: Persistence, family: Family): string =>
	[
		`-p ${timeoutSeconds}`,
		...(prefixLength < bitsOf(family) ? [`-M ${family === 'ipv4' ? dotted(prefixLength) : prefixLength}`] : []),
		...(engine === undefined ? [] : [`--pe ${engine}`]),
	].join(' ')

/** 24 is `255.255.255.0`. */
const dotted = (prefixLength: number): string =>
	[0, 8, 16, 24].map(before => 256 - 2 ** (8 - Math.min(8, Math.max(0, prefixLength - before)))).join('.')

const METHODS: Readonly<Record<ForwardingMethod, string>> = {
	masquerade: '-m',
	'direct-routing': '-g',
	tunnel: '-i',
}

const formatTunnel = ({type, port, checksum}: Tunnel): string =>
	[
		`--tun-type ${type}`,
		...(type === 'gue' ? [`--tun-port ${port}`] : []),
		...(type === 'ipip' ? [] : [CHECKSUMS[checksum]]),
	].join(' ')

const CHECKSUMS: Readonly<Record<TunnelChecksum, string>> = {
	none: '--tun-nocsum',
	checksum: '--tun-csum',
	'remote-checksum': '--tun-remcsum',
}

/** By the order of their texts, which are made once each. */
const sortedBy = <Item>(items: Iterable<Item>, orderOf: (item: Item) => string): readonly Item[] =>
	[...items]
		.map(item => ({item, order: orderOf(item)}))
		.sort((a, b) => (a.order < b.order ? -1 : 1))
		.map(({item}) => item)

/** Addresses before marks, IPv4 before IPv6. */
const listenOrder = (listen: Listen): string =>
	listen.kind === 'address'
		? `0${listenFamily(listen)}${hexadecimal(PROTOCOL_NUMBERS[listen.protocol], 2)}${socketOrder(listen.address, listen.port)}`
		: `1${hexadecimal(listen.mark, 8)}${listen.family}`

const socketOrder = (address: Address, port: number): string =>
	`${familyOf(address)}${addressToBytes(address)
		.map(byte => hexadecimal(byte, 2))
		.join('')}${hexadecimal(port, 4)}`

const hexadecimal = (number: number, digits: number): string => number.toString(16).padStart(digits, '0')
