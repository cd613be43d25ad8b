import {type Address, type Family, parseAddress} from '../../src/net/address.ts'
import {protocolFromNumber} from '../../src/net/protocol.ts'
import type {RealServer, VirtualServer} from '../../src/state/ipvs.ts'

/** What a kernel holds, as its tools write it where the fake kernel does so too. */
export interface KernelDump {
	readonly servers: readonly {readonly server: VirtualServer; readonly realServers: readonly RealServer[]}[]
	/** Made local through kube-ipvs0, either way. */
	readonly vips: readonly Address[]
	/** `ipset save` */
	readonly sets: string
	/** `iptables-save` and `ip6tables-save` */
	readonly rules: Readonly<Record<Family, string>>
}

/** Begin with the prefix and belong to the kubelet. */
const KUBELET = new Set(['KUBE-FIREWALL', 'KUBE-KUBELET-CANARY'])

/** Its rules exclude each other, so that their order means nothing. */
const UNORDERED = 'KUBE-IPVS-OUT-FILTER'

/** Names of ours that kube-proxy has not. */
export const OWN_NAME = /^KUBE-(6-)?LVS-/

const isProxys = (name: string): boolean => name.startsWith('KUBE-') && !KUBELET.has(name)

/** The state in the lines of state.txt, sorted, none twice. */
export const stateLines = ({servers, vips, sets, rules}: KernelDump): readonly string[] => {
	const lines = [
		...servers.flatMap(({server, realServers}) => [
			serverLine(server),
			...realServers.map(realServer => realServerLine(server, realServer)),
		]),
		...vips.map(vip => `vip ${vip}`),
		...textLines(sets).flatMap(setLines),
		...ruleLines(rules.ipv4, 4),
		...ruleLines(rules.ipv6, 6),
	]
	return [...new Set(lines)].sort()
}

const textLines = (text: string): readonly string[] => text.split('\n').map(line => line.trim())

const METHODS = {masquerade: 'masq', 'direct-routing': 'route', tunnel: 'tunnel'} as const

const serverLine = ({key, scheduler, flags, persistence}: VirtualServer): string => {
	const isMh = scheduler === 'mh'
	const words = flags.map(flag => (flag === 'scheduler-2' && isMh ? 'mh-port' : flag))
	const netmask = persistence?.prefixLength === 32 ? '255.255.255.255' : persistence?.prefixLength
	return [
		`vs ${key} ${scheduler}`,
		...(words.length > 0 ? [`flags=${words.join()}`] : []),
		...(persistence ? [`persistent=${persistence.timeoutSeconds} netmask=${netmask}`] : []),
	].join(' ')
}

const realServerLine = ({key}: VirtualServer, realServer: RealServer): string =>
	`rs ${key} -> ${realServer.key} ${METHODS[realServer.forwarding]} w=${realServer.weight}`

/** Of `create` only what makes one set another set: sizes and seeds are left out. */
const SIZES = new Set(['hashsize', 'maxelem', 'bucketsize', 'initval', 'range', 'size'])

const setLines = (line: string): readonly string[] => {
	const [verb, name = '', what = '', ...options] = line.split(/\s+/)
	if (!isProxys(name)) {
		return []
	}
	if (verb === 'add') {
		return [['set', name, what.split(',').map(canonicalPart).join(','), ...options].join(' ')]
	}
	const extensions: string[] = []
	let family = '-'
	for (let at = 0; at < options.length; at += 1) {
		const option = options[at] ?? ''
		if (option === 'family') {
			family = options[++at] ?? '-'
		} else if (SIZES.has(option)) {
			at += 1
		} else {
			extensions.push(option)
		}
	}
	return verb === 'create' ? [['setdef', name, what, family, ...extensions].join(' ')] : []
}

/** An address, a network, `protocol:port` or a number. */
const canonicalPart = (part: string): string => {
	const [address = '', length] = part.split('/')
	const canonical = parseAddress(address)
	if (canonical) {
		return length === undefined || length === (canonical.includes(':') ? '128' : '32')
			? canonical
			: `${canonical}/${length}`
	}
	const [number, port] = part.split(':')
	const protocol = protocolFromNumber(Number(number))
	return protocol && port !== undefined ? `${protocol}:${port}` : part
}

/** Chains, their rules, and jumps into them. */
const ruleLines = (text: string, version: 4 | 6): readonly string[] => {
	const lines: string[] = []
	const number = ruleCounter()
	let table = ''
	for (const line of textLines(text)) {
		const chain = /^:(\S+)/.exec(line)?.[1] ?? ''
		const [, parent = '', rule = ''] = /^-A (\S+) (.*)$/.exec(line) ?? []
		table = line.startsWith('*') ? line.slice(1) : table
		if (isProxys(chain)) {
			lines.push(`chain${version} ${table} ${chain}`)
		}
		const at = rule === '' ? '' : number(`${table} ${parent}`, parent, targetOf(rule))
		if (at !== '' && (isProxys(parent) || isProxys(targetOf(rule)))) {
			lines.push(`rule${version} ${table} ${parent} ${at} ${canonicalRule(rule)}`)
		}
	}
	return lines
}

const targetOf = (rule: string): string => /(?:^| )-[jg] (\S+)/.exec(rule)?.[1] ?? ''

/** Counts the rules of each chain, foreign ones too, but not jumps that only we have, so that the others compare. */
const ruleCounter = () => {
	const counts = new Map<string, number>()
	return (key: string, parent: string, target: string): string => {
		if (parent === UNORDERED || (!isProxys(parent) && OWN_NAME.test(target))) {
			return '--'
		}
		const count = (counts.get(key) ?? 0) + 1
		counts.set(key, count)
		return String(count).padStart(2, '0')
	}
}

const canonicalRule = (rule: string): string =>
	rule.replaceAll("\\'", "'").replace(/[0-9a-f]*:[0-9a-f:.]*/g, word => parseAddress(word) ?? word)
