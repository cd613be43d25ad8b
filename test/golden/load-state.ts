import {VIP_DEVICE} from '../../src/state/addresses.ts'
import {address, realServer, virtualServer} from '../state/build.ts'
import type {FakeKernel} from '../support/fake-kernel/fake-kernel.ts'

/** Puts the state of these lines into a fake kernel, as kube-proxy leaves it when it ends. */
export const loadState = (fake: FakeKernel, lines: readonly string[]): void => {
	loadServers(fake, lines)
	fake.ipset.load(setCommands(lines).join('\n'))
	fake.iptables.load('ipv4', tablesText(lines, 4))
	fake.iptables.load('ipv6', tablesText(lines, 6))
	fake.links.add(VIP_DEVICE, false)
	const vips = lines.flatMap(line => /^vip (\S+)$/.exec(line)?.[1] ?? [])
	for (const vip of vips) {
		fake.links.find(VIP_DEVICE)?.addresses.set(address(vip), vip.includes(':') ? 128 : 32)
	}
}

const loadServers = (fake: FakeKernel, lines: readonly string[]): void => {
	for (const line of lines) {
		const [, key = '', scheduler = '', settings = ''] = /^vs (\S+ \S+) (\S+)(.*)$/.exec(line) ?? []
		if (key === '') {
			continue
		}
		const seconds = /persistent=(\d+)/.exec(settings)?.[1]
		const persistence = {timeoutSeconds: Number(seconds), prefixLength: key.includes('[') ? 128 : 32}
		const server = virtualServer(key, {
			scheduler,
			flags: settings.includes('flags=mh-port') ? ['scheduler-2'] : [],
			persistence: seconds === undefined ? undefined : persistence,
		})
		const servers = lines.flatMap(other => {
			const [, to, weight] = /-> (\S+) masq w=(\d+)$/.exec(other) ?? []
			return to && other.startsWith(`rs ${key} -> `) ? [realServer(to, {weight: Number(weight)})] : []
		})
		fake.ipvs.load(server, servers)
	}
}

/** For `ipset restore`. `setdef` lines come behind `set` lines; a restore wants them first. */
export const setCommands = (lines: readonly string[]): readonly string[] => [
	...lines.flatMap(line => {
		const [, name, type, family] = /^setdef (\S+) (\S+) (\S+)$/.exec(line) ?? []
		const options = family === '-' ? 'range 0-65535' : `family ${family} hashsize 1024 maxelem 65536`
		return name ? [`create ${name} ${type} ${options}`] : []
	}),
	...lines.filter(line => line.startsWith('set ')).map(line => line.replace('set ', 'add ')),
]

/** Rules of others, of which state.txt shows nothing but the numbers that they take, are put in between. */
const FOREIGN = '-m comment --comment "not of the proxy" -j ACCEPT'

/** For `iptables-restore --noflush`, or the one of IPv6. */
export const tablesText = (lines: readonly string[], version: 4 | 6): string => {
	const tables = new Map<string, string[]>([
		['nat', []],
		['filter', []],
	])
	const lengths = new Map<string, number>()
	for (const line of lines) {
		const [kind, table = '', chain = '', number, ...words] = line.split(' ')
		if (kind === `chain${version}`) {
			tables.get(table)?.unshift(`:${chain} - [0:0]`)
		} else if (kind === `rule${version}`) {
			const key = `${table} ${chain}`
			const length = lengths.get(key) ?? 0
			const missing = number === '--' ? 0 : Number(number) - 1 - length
			const foreign = Array.from({length: missing}, () => `-A ${chain} ${FOREIGN}`)
			tables.get(table)?.push(...foreign, `-A ${chain} ${words.join(' ').replaceAll("'", "\\'")}`)
			lengths.set(key, length + missing + 1)
		}
	}
	return [...tables].map(([table, commands]) => `*${table}\n${commands.join('\n')}\nCOMMIT\n`).join('')
}
