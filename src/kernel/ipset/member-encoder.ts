import type {Family} from '../../net/address.ts'
import {PROTOCOL_NUMBERS, parseProtocol} from '../../net/protocol.ts'
import {putAddress} from '../../net/put-address.ts'
import type {SetDefinition, SetEntry, SetType} from '../../state/ipset.ts'
import {putPort, putUint32BE, text} from '../netlink/bytes.ts'
import {NLM_F_REQUEST} from '../netlink/constants.ts'
import type {Encoded, Field, Template} from '../netlink/template.ts'
import * as k from './constants.ts'
import {commandTemplate} from './encode.ts'

/** Messages about the members of one set, from templates. */
export class MemberEncoder {
	readonly #definition: SetDefinition
	readonly #templates = new Map<number, Template<Slot>>()

	constructor(definition: SetDefinition) {
		this.#definition = definition
	}

	/** One that is there gets the mark of the entry; undefined for what is no entry of such a set. */
	add(entry: SetEntry): Encoded | undefined {
		const blank = entry.indexOf(' ')
		if (blank < 0) {
			return this.#encode(this.#template(k.IPSET_CMD_ADD, false), entry)
		}
		const mark = parseMark(entry.slice(blank))
		return mark && this.#encode(this.#template(k.IPSET_CMD_ADD, true), entry.slice(0, blank), mark)
	}

	/** Whatever its mark is. One that is not there is a success; undefined for what is no entry of such a set. */
	delete(entry: SetEntry): Encoded | undefined {
		const blank = entry.indexOf(' ')
		return this.#encode(this.#template(k.IPSET_CMD_DEL, false), blank < 0 ? entry : entry.slice(0, blank))
	}

	/** Written once for a trial: what is refused is refused before it is among others. */
	#encode(template: Template<Slot>, element: string, mark?: Mark): Encoded | undefined {
		const {type, family} = this.#definition
		const write = (target: Uint8Array, base: number, at: Offsets): boolean => {
			if (mark) {
				putUint32BE(target, base + at.mark, mark.mark)
				putUint32BE(target, base + at.mark + 4, mark.mask)
			}
			return putElement({target, base, at, family}, type, element)
		}
		return write(SCRATCH, 0, template.offsets) ? template.fill(write) : undefined
	}

	#template(command: number, hasMark: boolean): Template<Slot> {
		const key = hasMark ? -command : command
		let template = this.#templates.get(key)
		if (!template) {
			const {name, type, family} = this.#definition
			const fields = [...memberFields(type, family), ...(hasMark ? [MARK] : [])]
			template = commandTemplate(command, NLM_F_REQUEST, [
				{type: k.IPSET_ATTR_SETNAME, bytes: text(name)},
				{type: k.IPSET_ATTR_DATA, nest: fields},
			])
			this.#templates.set(key, template)
		}
		return template
	}
}

/** More than any message about one member. */
const SCRATCH = new Uint8Array(512)

type Slot = 'address' | 'port' | 'protocol' | 'second' | 'length' | 'mark'
type Offsets = Readonly<Record<Slot, number>>

/** Where the parts of an element go. */
interface Place {
	readonly target: Uint8Array
	readonly base: number
	readonly at: Offsets
	readonly family: Family
}

type Part = 'address' | 'number' | 'port' | 'second' | 'network'

/** What an element of each type consists of, between commas. */
const PARTS: Readonly<Record<SetType, readonly Part[]>> = {
	'hash:ip': ['address'],
	'hash:ip,port': ['address', 'port'],
	'hash:ip,port,ip': ['address', 'port', 'second'],
	'hash:ip,port,net': ['address', 'port', 'network'],
	'bitmap:port': ['number'],
}

const memberFields = (type: SetType, family: Family): readonly Field<Slot>[] => {
	const address = (attribute: number, slot: Slot): Field<Slot> => ({
		type: attribute,
		nest: [
			family === 'ipv4'
				? {type: k.IPSET_ATTR_IPADDR_IPV4 | k.NLA_F_NET_BYTEORDER, slot, size: 4}
				: {type: k.IPSET_ATTR_IPADDR_IPV6 | k.NLA_F_NET_BYTEORDER, slot, size: 16},
		],
	})
	const port: Field<Slot> = {type: k.IPSET_ATTR_PORT | k.NLA_F_NET_BYTEORDER, slot: 'port', size: 2}
	const fields: Readonly<Record<Part, readonly Field<Slot>[]>> = {
		address: [address(k.IPSET_ATTR_IP, 'address')],
		number: [port],
		port: [port, {type: k.IPSET_ATTR_PROTO, slot: 'protocol', size: 1}],
		second: [address(k.IPSET_ATTR_IP2, 'second')],
		network: [address(k.IPSET_ATTR_IP2, 'second'), {type: k.IPSET_ATTR_CIDR2, slot: 'length', size: 1}],
	}
	return PARTS[type].flatMap(part => fields[part])
}

/** Mark and mask in one number of 64 bits. */
const MARK: Field<Slot> = {type: k.IPSET_ATTR_SKBMARK | k.NLA_F_NET_BYTEORDER, slot: 'mark', size: 8}

/** False for what is no element of this type and family. */
const putElement = (place: Place, type: SetType, element: string): boolean => {
	const words = element.split(',')
	const parts = PARTS[type]
	return words.length === parts.length && parts.every((part, index) => PUTS[part](place, words[index] ?? ''))
}

const putNumber = ({target, base, at}: Place, word: string): boolean => {
	if (!NUMBER.test(word) || Number(word) > 0xffff) {
		return false
	}
	putPort(target, base + at.port, Number(word))
	return true
}

const NUMBER = /^\d{1,5}$/

const putProtocolAndPort = (place: Place, word: string): boolean => {
	const colon = word.indexOf(':')
	const name = word.slice(0, colon)
	const protocol = parseProtocol(name)
	const number = protocol ? PROTOCOL_NUMBERS[protocol] : NUMBER.test(name) ? Number(name) : 0
	place.target[place.base + place.at.protocol] = number
	return colon > 0 && 0 < number && number < 256 && putNumber(place, word.slice(colon + 1))
}

const putNetwork = (place: Place, word: string): boolean => {
	const {target, base, at, family} = place
	const bits = family === 'ipv4' ? 32 : 128
	const slash = word.indexOf('/')
	const length = slash < 0 ? bits : NUMBER.test(word.slice(slash + 1)) ? Number(word.slice(slash + 1)) : -1
	target[base + at.length] = length
	return (
		0 <= length &&
		length <= bits &&
		putAddress(target, base + at.second, slash < 0 ? word : word.slice(0, slash), family)
	)
}

const PUTS: Readonly<Record<Part, (place: Place, word: string) => boolean>> = {
	address: ({target, base, at, family}, word) => putAddress(target, base + at.address, word, family),
	second: ({target, base, at, family}, word) => putAddress(target, base + at.second, word, family),
	number: putNumber,
	port: putProtocolAndPort,
	network: putNetwork,
}

interface Mark {
	readonly mark: number
	readonly mask: number
}

/** As `markedEntry` writes it, from the blank on; without a mask it is of all bits. */
const parseMark = (words: string): Mark | undefined => {
	const [, mark, mask = 'ffffffff'] = /^ skbmark 0x([0-9a-f]{1,8})(?:\/0x([0-9a-f]{1,8}))?$/.exec(words) ?? []
	return mark === undefined ? undefined : {mark: Number.parseInt(mark, 16), mask: Number.parseInt(mask, 16)}
}
