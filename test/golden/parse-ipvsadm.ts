import type {ForwardingMethod, RealServer, VirtualServer, VirtualServerFlag} from '../../src/state/ipvs.ts'
import {realServer, virtualServer, withKey} from '../state/build.ts'
import type {KernelDump} from './state-lines.ts'

const PROTOCOLS: Readonly<Record<string, string>> = {'-t': 'tcp', '-u': 'udp', '--sctp-service': 'sctp'}

const METHODS: Readonly<Record<string, ForwardingMethod>> = {'-m': 'masquerade', '-g': 'direct-routing', '-i': 'tunnel'}

/** The flags of a scheduler by the names that ipvsadm gives them. */
const FLAGS: Readonly<Record<string, VirtualServerFlag>> = {
	'flag-1': 'scheduler-1',
	'flag-2': 'scheduler-2',
	'flag-3': 'scheduler-3',
	'mh-fallback': 'scheduler-1',
	'mh-port': 'scheduler-2',
	'sh-fallback': 'scheduler-1',
	'sh-port': 'scheduler-2',
}

/** The output of `ipvsadm -Sn`; throws for a line that it does not understand. */
export const parseIpvsadm = (text: string): KernelDump['servers'] => {
	const servers = new Map<string, {readonly server: VirtualServer; readonly realServers: RealServer[]}>()
	for (const line of text.split('\n').filter(it => it !== '')) {
		const options = optionsOf(line)
		const server = parseServer(options)
		if (options.has('-A')) {
			servers.set(server.key, {server, realServers: []})
		} else {
			servers.get(server.key)?.realServers.push(parseRealServer(options))
		}
	}
	return [...servers.values()]
}

/** Values by option, empty for one without. */
const optionsOf = (line: string): ReadonlyMap<string, string> =>
	new Map([...line.matchAll(/(-\S+)(?: ([^-\s]\S*))?/g)].map(([, option = '', value = '']) => [option, value]))

const parseServer = (options: ReadonlyMap<string, string>): VirtualServer => {
	const [option] = [...options.keys()].filter(it => it in PROTOCOLS || it === '-f')
	if (option === undefined) {
		throw new Error(`no virtual server in: ${[...options].join(' ')}`)
	}
	const where = options.get(option) ?? ''
	const isIPv6 = options.has('-6') || where.includes('[')
	const seconds = options.get('-p')
	const settings = {
		scheduler: options.get('-s') ?? 'wlc',
		flags: (options.get('-b')?.split(',') ?? []).flatMap(flag => FLAGS[flag] ?? []),
		persistence:
			seconds === undefined
				? undefined
				: {timeoutSeconds: Number(seconds), prefixLength: prefixLengthOf(options.get('-M'), isIPv6)},
	}
	return option === '-f'
		? withKey({kind: 'firewall-mark', family: isIPv6 ? 'ipv6' : 'ipv4', mark: Number(where)}, settings)
		: virtualServer(`${PROTOCOLS[option]} ${where}`, settings)
}

/** ipvsadm leaves out the netmask of a single client. */
const prefixLengthOf = (netmask: string | undefined, isIPv6: boolean): number => {
	if (netmask === undefined) {
		return isIPv6 ? 128 : 32
	}
	const bits = (byte: string) => Number(byte).toString(2).replaceAll('0', '').length
	return netmask.includes('.') ? netmask.split('.').reduce((sum, byte) => sum + bits(byte), 0) : Number(netmask)
}

const parseRealServer = (options: ReadonlyMap<string, string>): RealServer => {
	const [method] = [...options.keys()].filter(it => it in METHODS)
	const forwarding = METHODS[method ?? ''] ?? 'direct-routing'
	return realServer(options.get('-r') ?? '', {weight: Number(options.get('-w')), forwarding})
}
