import {familyOf} from '../net/address.ts'
import {
	type ConnectionLimits,
	type ForwardingMethod,
	type Listen,
	listenFamily,
	type RealServer,
	realServerKey,
	type Tunnel,
	type TunnelChecksum,
	type TunnelType,
} from '../state/ipvs.ts'
import type {LineOptions, OptionName} from './line-options.ts'
import {OptionError} from './option-error.ts'
import {readNumber, readSocket} from './values.ts'

const MOST = 2 ** 31 - 1

/** The real server of a line with `-a`. Without a port it has that of its virtual server, 0 with a mark. */
export const readRealServer = (options: LineOptions, listen: Listen): RealServer => {
	const given = options.get('real-server')
	if (!given) {
		throw new OptionError('-r', 'missing')
	}
	const {address, port} = readSocket(given, listen.kind === 'address' ? listen.port : 0)
	const forwarding = readForwarding(options)
	if (familyOf(address) !== listenFamily(listen) && forwarding !== 'tunnel') {
		throw new OptionError(given.option, 'a real server of the other address family needs a tunnel (-i)')
	}
	const weight = options.get('weight')
	const limits = readLimits(options)
	const tunnel = readTunnel(options, forwarding)
	return {
		key: realServerKey(address, port),
		address,
		port,
		weight: weight ? readNumber(weight, 0, MOST) : 1,
		forwarding,
		...(limits && {limits}),
		...(tunnel && {tunnel}),
	}
}

/** The only one of these options that is given, undefined for none. */
const onlyOne = <Value>(options: LineOptions, choices: readonly (readonly [OptionName, Value])[]) => {
	const [found, second] = choices.flatMap(([name, value]) => {
		const given = options.get(name)
		return given ? [{option: given.option, value}] : []
	})
	if (found && second) {
		throw new OptionError(second.option, `only one of it and ${found.option}`)
	}
	return found
}

const METHODS: readonly (readonly [OptionName, ForwardingMethod])[] = [
	['masquerading', 'masquerade'],
	['gatewaying', 'direct-routing'],
	['ipip', 'tunnel'],
]

const readForwarding = (options: LineOptions): ForwardingMethod => onlyOne(options, METHODS)?.value ?? 'direct-routing'

const readLimits = (options: LineOptions): ConnectionLimits | undefined => {
	const [above, below] = [options.get('u-threshold'), options.get('l-threshold')]
	const upper = above ? readNumber(above, 0, MOST) : 0
	const lower = below ? readNumber(below, 0, MOST) : 0
	if (below && lower > upper) {
		throw new OptionError(below.option, `${lower} is above the upper threshold (-x), ${upper}`)
	}
	return upper > 0 ? {upper, lower} : undefined
}

/** Undefined for a plain one, and with other methods. */
const readTunnel = (options: LineOptions, forwarding: ForwardingMethod): Tunnel | undefined => {
	const [typed, ported] = [options.get('tun-type'), options.get('tun-port')]
	const checksum = onlyOne(options, CHECKSUMS)
	const useless = typed ?? ported ?? checksum
	if (forwarding !== 'tunnel' && useless) {
		throw new OptionError(useless.option, 'only with a tunnel (-i)')
	}
	const type = TYPES.find(name => name === (typed?.value ?? 'ipip'))
	if (!type) {
		throw new OptionError(typed?.option ?? '--tun-type', `${typed?.value} is none of ${TYPES.join(', ')}`)
	}
	if (ported && type !== 'gue') {
		throw new OptionError(ported.option, 'only with --tun-type gue')
	}
	if (!ported && type === 'gue') {
		throw new OptionError('--tun-port', 'missing: gue needs one')
	}
	if (checksum && !CHECKSUMS_OF[type].includes(checksum.value)) {
		throw new OptionError(checksum.option, `not with --tun-type ${type}`)
	}
	return type === 'ipip'
		? undefined
		: {type, port: ported ? readNumber(ported, 1, 65_535) : 0, checksum: checksum?.value ?? 'none'}
}

const TYPES: readonly TunnelType[] = ['ipip', 'gue', 'gre']

const CHECKSUMS: readonly (readonly [OptionName, TunnelChecksum])[] = [
	['tun-nocsum', 'none'],
	['tun-csum', 'checksum'],
	['tun-remcsum', 'remote-checksum'],
]

const CHECKSUMS_OF: Readonly<Record<TunnelType, readonly TunnelChecksum[]>> = {
	ipip: [],
	gue: ['none', 'checksum', 'remote-checksum'],
	gre: ['none', 'checksum'],
}
