import type {Listen, RealServer, VirtualServer} from '../state/ipvs.ts'
import {type LineOptions, type OptionName, readOptions} from './line-options.ts'
import {OptionError} from './option-error.ts'
import {readListen} from './read-listen.ts'
import {readRealServer} from './read-real-server.ts'
import {readVirtualServer} from './read-virtual-server.ts'

/** What a line of a saved table adds. */
export type Entry =
	| {readonly kind: 'virtual-server'; readonly server: VirtualServer}
	| {readonly kind: 'real-server'; readonly listen: Listen; readonly realServer: RealServer}

/**
 * Undefined for a line without words, or with a comment; throws an OptionError for what is no line of a saved table. The
 * rules are those of `ipvsadm -R`, besides: marks may be negative, as ipvsadm writes those above 0x7fffffff; and ports of
 * direct routing and tunnels are taken as they are written.
 */
export const parseLine = (line: string): Entry | undefined => {
	const [first, ...rest] = line.trim().split(/\s+/)
	if (!first || first.startsWith('#')) {
		return undefined
	}
	const options = readOptions(first === 'ipvsadm' ? rest : [first, ...rest])
	const [virtual, real] = [options.get('add-service'), options.get('add-server')]
	if (virtual && real) {
		throw new OptionError(real.option, `only one of it and ${virtual.option}`)
	}
	if (!virtual && !real) {
		throw new OptionError('-A', 'missing, as is -a')
	}
	const isReal = real !== undefined
	demandOf(options, isReal ? OF_REAL : OF_VIRTUAL, isReal ? '-a' : '-A')
	const listen = readListen(options)
	return isReal
		? {kind: 'real-server', listen, realServer: readRealServer(options, listen)}
		: {kind: 'virtual-server', server: readVirtualServer(options, listen)}
}

const OF_BOTH: readonly OptionName[] = ['tcp-service', 'udp-service', 'sctp-service', 'fwmark-service', 'ipv6']

const OF_VIRTUAL: ReadonlySet<OptionName> = new Set([
	...OF_BOTH,
	...(['add-service', 'scheduler', 'persistent', 'netmask', 'pe', 'ops', 'sched-flags'] as const),
])

const OF_REAL: ReadonlySet<OptionName> = new Set([
	...OF_BOTH,
	...(['add-server', 'real-server', 'gatewaying', 'ipip', 'masquerading'] as const),
	...(['weight', 'u-threshold', 'l-threshold'] as const),
	...(['tun-type', 'tun-port', 'tun-nocsum', 'tun-csum', 'tun-remcsum'] as const),
])

const demandOf = (options: LineOptions, allowed: ReadonlySet<OptionName>, command: string): void => {
	for (const [name, {option}] of options) {
		if (!allowed.has(name)) {
			throw new OptionError(option, `no option of ${command}`)
		}
	}
}
