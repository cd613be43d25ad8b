import {DEFAULT_MAX_ELEMENTS, type PresentSet, type SetEntry, type SetName} from '../../state/ipset.ts'
import {type Attributes, bytesOf, decodeAttributes, nestedOf, portOf, textOf} from '../netlink/attributes.ts'
import {familyFromNumber} from '../netlink/family.ts'
import * as k from './constants.ts'
import {readMembers} from './read-members.ts'

/** What one message of a dump says about one set; a set of many members takes several. */
export interface SetPart {
	readonly name: SetName
	readonly definition: PresentSet
	readonly entries: readonly SetEntry[]
}

/** The highest protocol that the kernel speaks, and the lowest that it still understands. */
export const decodeProtocol = (payload: Uint8Array): {readonly newest: number; readonly oldest: number} => {
	const reply = decodeAttributes(payload.subarray(k.NFGEN_HEADER))
	const newest = bytesOf(reply, k.IPSET_ATTR_PROTOCOL, 1)[0] ?? 0
	return {newest, oldest: reply.get(k.IPSET_ATTR_PROTOCOL_MIN)?.[0] ?? newest}
}

export const decodeName = (payload: Uint8Array): SetName =>
	textOf(decodeAttributes(payload.subarray(k.NFGEN_HEADER)), k.IPSET_ATTR_SETNAME)

/** Takes apart the messages of one dump, in their order: only the first about a set says what kind of set it is. */
export class DumpDecoder {
	#last: PresentSet | undefined

	/** A DecodeError for what is no message about a set. */
	decode(payload: Uint8Array): SetPart {
		const message = decodeAttributes(payload.subarray(k.NFGEN_HEADER))
		const name = textOf(message, k.IPSET_ATTR_SETNAME)
		if (message.has(k.IPSET_ATTR_TYPENAME) || this.#last?.name !== name) {
			this.#last = undefined
			this.#last = decodeDefinition(name, message)
		}
		const definition = this.#last
		const members = message.get(k.IPSET_ATTR_ADT)
		return {name, definition, entries: members ? readMembers(members, definition) : []}
	}
}

const decodeDefinition = (name: SetName, message: Attributes): PresentSet => {
	const family = familyFromNumber(bytesOf(message, k.IPSET_ATTR_FAMILY, 1)[0] ?? 0)
	const settings = nestedOf(message, k.IPSET_ATTR_DATA)
	const flags = settings.has(k.IPSET_ATTR_CADT_FLAGS) ? uint32Of(settings, k.IPSET_ATTR_CADT_FLAGS) : 0
	return {
		name,
		type: textOf(message, k.IPSET_ATTR_TYPENAME),
		family: family ?? (name.startsWith('KUBE-6-') ? 'ipv6' : 'ipv4'),
		maxElements: isSpoiled(settings, flags) ? 0 : maxElementsOf(settings),
		hasMarks: (flags & k.IPSET_FLAG_WITH_SKBINFO) !== 0,
	}
}

/** Options under which members are forgotten or changed: such a set is of no use to us, and holds none. */
const SPOILERS = [k.IPSET_ATTR_TIMEOUT, k.IPSET_ATTR_NETMASK, k.IPSET_ATTR_BITMASK]

const isSpoiled = (settings: Attributes, flags: number): boolean =>
	(flags & k.IPSET_FLAG_WITH_FORCEADD) !== 0 || SPOILERS.some(type => settings.has(type)) || isNarrow(settings)

/** A bitmap of less than all ports, or of something else. */
const isNarrow = (settings: Attributes): boolean =>
	settings.has(k.IPSET_ATTR_IP) ||
	(settings.has(k.IPSET_ATTR_PORT) &&
		(portOf(settings, k.IPSET_ATTR_PORT) !== 0 || portOf(settings, k.IPSET_ATTR_PORT_TO) !== 0xffff))

const maxElementsOf = (settings: Attributes): number =>
	settings.has(k.IPSET_ATTR_MAXELEM) ? uint32Of(settings, k.IPSET_ATTR_MAXELEM) : DEFAULT_MAX_ELEMENTS

/** In network byte order. */
const uint32Of = (attributes: Attributes, type: number): number => {
	const bytes = bytesOf(attributes, type, 4)
	return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, false)
}
