import {parseAddress} from '../../src/net/address.ts'
import {protocolFromNumber} from '../../src/net/protocol.ts'
import {
	DEFAULT_MAX_ELEMENTS,
	markedEntry,
	type PresentSet,
	type SetEntry,
	type SetName,
	type SetType,
} from '../../src/state/ipset.ts'
import type {ActualSet} from '../../src/state/node-state.ts'

const TYPES: ReadonlySet<string> = new Set([
	'hash:ip',
	'hash:ip,port',
	'hash:ip,port,ip',
	'hash:ip,port,net',
	'bitmap:port',
] satisfies SetType[])

/** What the client for sets shall read, from the output of `ipset save`: another program that reads the same kernel. */
export const parseIpsetSave = (text: string): ReadonlyMap<SetName, ActualSet> => {
	const sets = new Map<SetName, {definition: PresentSet; entries: Set<SetEntry>}>()
	for (const line of text.split('\n')) {
		const [verb, name = '', value = '', ...options] = line.trim().split(' ')
		if (verb === 'create') {
			sets.set(name, {definition: parseDefinition(name, value, options), entries: new Set()})
		} else if (verb === 'add') {
			const set = sets.get(name)
			if (set && TYPES.has(set.definition.type)) {
				set.entries.add(set.definition.hasMarks ? withMark(canonicalEntry(value), options) : canonicalEntry(value))
			}
		}
	}
	return sets
}

const parseDefinition = (name: string, type: string, options: readonly string[]): PresentSet => {
	const family = optionOf(options, 'family')
	const isIPv6 = family === undefined ? name.startsWith('KUBE-6-') : family === 'inet6'
	return {
		name,
		type,
		family: isIPv6 ? 'ipv6' : 'ipv4',
		maxElements: maxElementsOf(options),
		hasMarks: options.includes('skbinfo'),
	}
}

const optionOf = (options: readonly string[], key: string): string | undefined =>
	options.includes(key) ? options[options.indexOf(key) + 1] : undefined

/** Options under which members are forgotten or changed: such a set is of no use to us, and holds none. */
const SPOILERS = ['timeout', 'forceadd', 'netmask', 'bitmask']

const maxElementsOf = (options: readonly string[]): number => {
	const [first, last] = (optionOf(options, 'range') ?? '0-65535').split('-').map(Number)
	return options.some(option => SPOILERS.includes(option)) || first !== 0 || last !== 65_535
		? 0
		: Number(optionOf(options, 'maxelem') ?? DEFAULT_MAX_ELEMENTS)
}

/** ipset leaves out a mask of all bits, and a mark that sets none. */
const withMark = (element: string, options: readonly string[]): SetEntry => {
	const [mark, mask = 0xffff_ffff] = (optionOf(options, 'skbmark') ?? '0/0').split('/').map(Number)
	return markedEntry(element, mark ?? 0, mask)
}

/**
 * ipset writes some IPv6 addresses with dotted quads (`::198.51.100.5`), and protocols by name, or by number where the
 * node has no /etc/protocols.
 */
const canonicalEntry = (entry: string): SetEntry =>
	entry.includes(',') || entry.includes('::') ? entry.split(',').map(canonicalPart).join(',') : entry

const canonicalPart = (part: string): string =>
	parseAddress(part) ?? canonicalNetwork(part) ?? canonicalPort(part) ?? part

const canonicalNetwork = (part: string): string | undefined => {
	const [address = '', length] = part.split('/')
	const canonical = length === undefined ? undefined : parseAddress(address)
	return canonical && `${canonical}/${length}`
}

const canonicalPort = (part: string): string | undefined => {
	const [number, port] = part.split(':')
	const protocol = protocolFromNumber(Number(number))
	return protocol && `${protocol}:${port}`
}
