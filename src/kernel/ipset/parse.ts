import {parseAddress} from '../../net/address.ts'
import {protocolFromNumber} from '../../net/protocol.ts'
import {DEFAULT_MAX_ELEMENTS, type SetDefinition, type SetEntry, type SetName, type SetType} from '../../state/ipset.ts'
import type {ActualSet} from '../../state/node-state.ts'

const TYPES: ReadonlySet<string> = new Set([
	'hash:ip',
	'hash:ip,port',
	'hash:ip,port,ip',
	'hash:ip,port,net',
	'bitmap:port',
] satisfies SetType[])

/** The output of `ipset save`: sets of the types we know; others, and lines of another form, are passed over. */
export const parseSave = (text: string): ReadonlyMap<SetName, ActualSet> => {
	const sets = new Map<SetName, {definition: SetDefinition; entries: Set<SetEntry>}>()
	for (const line of text.split('\n')) {
		const [verb, name = '', value = '', ...options] = line.trim().split(' ')
		if (verb === 'create' && TYPES.has(value)) {
			sets.set(name, {definition: parseDefinition(name, value as SetType, options), entries: new Set()})
		} else if (verb === 'add') {
			sets.get(name)?.entries.add(canonicalEntry(value))
		}
	}
	return sets
}

const parseDefinition = (name: string, type: SetType, options: readonly string[]): SetDefinition => {
	const option = (key: string) => options[options.indexOf(key) + 1]
	const isIPv6 = options.includes('family') ? option('family') === 'inet6' : name.startsWith('KUBE-6-')
	return {
		name,
		type,
		family: isIPv6 ? 'ipv6' : 'ipv4',
		maxElements: options.includes('maxelem') ? Number(option('maxelem')) : DEFAULT_MAX_ELEMENTS,
	}
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
