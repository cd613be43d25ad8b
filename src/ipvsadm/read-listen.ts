import type {Protocol} from '../net/protocol.ts'
import type {Listen} from '../state/ipvs.ts'
import type {Given, LineOptions} from './line-options.ts'
import {OptionError} from './option-error.ts'
import {readNumber, readSocket} from './values.ts'

/** What the virtual server of a line listens on. */
export const readListen = (options: LineOptions): Listen => {
	const [which, second] = SERVICES.flatMap(([name, protocol]) => {
		const given = options.get(name)
		return given ? [{given, protocol}] : []
	})
	if (!which) {
		throw new OptionError('-t', 'missing, as are -u, --sctp-service and -f')
	}
	if (second) {
		throw new OptionError(second.given.option, `only one of it and ${which.given.option}`)
	}
	const ipv6 = options.get('ipv6')
	if (which.protocol === undefined) {
		return {kind: 'firewall-mark', family: ipv6 ? 'ipv6' : 'ipv4', mark: readMark(which.given)}
	}
	if (ipv6) {
		throw new OptionError(ipv6.option, 'only with -f')
	}
	return {kind: 'address', protocol: which.protocol, ...readSocket(which.given, 0)}
}

const SERVICES = [
	['tcp-service', 'tcp'],
	['udp-service', 'udp'],
	['sctp-service', 'sctp'],
	['fwmark-service', undefined],
] as const satisfies readonly (readonly [string, Protocol | undefined])[]

/** `-1` is 0xffffffff: ipvsadm writes marks with a sign. */
const readMark = (given: Given): number => {
	const {option, value} = given
	return value.startsWith('-')
		? 2 ** 32 - readNumber({option, value: value.slice(1)}, 1, 2 ** 31)
		: readNumber(given, 1, 2 ** 32 - 1)
}
