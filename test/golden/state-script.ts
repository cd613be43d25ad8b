import type {Variant} from '../../src/kernel/iptables/variant.ts'
import {VIP_DEVICE} from '../../src/state/addresses.ts'
import {setCommands, tablesText} from './load-state.ts'

/** A script for `sh -e` that makes the state of these lines with the system's own tools, as kube-proxy leaves it. */
export const stateScript = (lines: readonly string[], variant: Variant): string =>
	[
		into('ipset restore', setCommands(lines).join('\n')),
		into(`iptables-${variant}-restore --noflush`, tablesText(lines, 4)),
		into(`ip6tables-${variant}-restore --noflush`, tablesText(lines, 6)),
		into('ipvsadm -R', [...lines.flatMap(virtualServerLine), ...lines.flatMap(realServerLine)].join('\n')),
		`ip link add ${VIP_DEVICE} type dummy`,
		into('ip -batch -', lines.flatMap(addressLine).join('\n')),
	].join('\n')

/** Gives a program this text to read. */
export const into = (program: string, text: string): string => `${program} <<'END'\n${text}\nEND`

const virtualServerLine = (line: string): readonly string[] => {
	const [, server, scheduler] = /^vs tcp (\S+) (\S+)/.exec(line) ?? []
	return server ? [`-A -t ${server} -s ${scheduler}`] : []
}

const realServerLine = (line: string): readonly string[] => {
	const [, of, to, weight] = /^rs tcp (\S+) -> (\S+) masq w=(\d+)$/.exec(line) ?? []
	return of ? [`-a -t ${of} -r ${to} -m -w ${weight}`] : []
}

const addressLine = (line: string): readonly string[] => {
	const [, vip] = /^vip (\S+)$/.exec(line) ?? []
	return vip ? [`addr add ${vip}/${vip.includes(':') ? 128 : 32} dev ${VIP_DEVICE}`] : []
}
