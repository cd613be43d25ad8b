import type {SetDefinition, SetName, SetType} from '../../state/ipset.ts'
import {text, uint32} from '../netlink/bytes.ts'
import {NLM_F_CREATE, NLM_F_DUMP, NLM_F_REQUEST} from '../netlink/constants.ts'
import {familyNumber} from '../netlink/family.ts'
import {type Encoded, type Field, Template} from '../netlink/template.ts'
import * as k from './constants.ts'

/** Which protocols the kernel speaks. */
export const encodeProtocol = (): Encoded => commandOf(k.IPSET_CMD_PROTOCOL, NLM_F_REQUEST, [])

/** All sets with their members, or one. */
export const encodeDump = (name?: SetName): Encoded =>
	dumpOf(name === undefined ? [] : [{type: k.IPSET_ATTR_SETNAME, bytes: text(name)}])

/** The names of all sets. */
export const encodeDumpNames = (): Encoded =>
	dumpOf([{type: k.IPSET_ATTR_FLAGS | k.NLA_F_NET_BYTEORDER, bytes: be32(k.IPSET_FLAG_LIST_SETNAME)}])

const dumpOf = (fields: readonly Field<never>[]): Encoded =>
	commandOf(k.IPSET_CMD_LIST, NLM_F_REQUEST | NLM_F_DUMP, fields)

/**
 * Without NLM_F_EXCL, as all commands here: a set that is there with the same settings is a success, one of another kind
 * an EEXIST. Room for `members` is made at once: to grow later makes the kernel move all of them, and wait for readers.
 */
export const encodeCreate = (definition: SetDefinition, members = 0): Encoded => {
	const {name, type, family, hasMarks} = definition
	const isBitmap = type === 'bitmap:port'
	const {revision, withMarks} = REVISIONS[type]
	const flags = {type: k.IPSET_ATTR_CADT_FLAGS | k.NLA_F_NET_BYTEORDER, bytes: be32(k.IPSET_FLAG_WITH_SKBINFO)}
	return commandOf(k.IPSET_CMD_CREATE, NLM_F_REQUEST | NLM_F_CREATE, [
		{type: k.IPSET_ATTR_SETNAME, bytes: text(name)},
		{type: k.IPSET_ATTR_TYPENAME, bytes: text(type)},
		{type: k.IPSET_ATTR_REVISION, bytes: new Uint8Array([hasMarks ? withMarks : revision])},
		{type: k.IPSET_ATTR_FAMILY, bytes: new Uint8Array([isBitmap ? k.NFPROTO_UNSPEC : familyNumber(family)])},
		{
			type: k.IPSET_ATTR_DATA,
			nest: [...(isBitmap ? ALL_PORTS : sizeFields(definition, members)), ...(hasMarks ? [flags] : [])],
		},
	])
}

/**
 * The lowest revision with what is needed, so that old programs can list our sets: SCTP for those with ports (Linux
 * 2.6.39), marks (Linux 3.19). The kernel takes each up to its newest, and keeps it only to show it. From the tables at
 * the top of net/netfilter/ipset/ip_set_hash_*.c and ip_set_bitmap_port.c.
 */
const REVISIONS: Readonly<Record<SetType, {readonly revision: number; readonly withMarks: number}>> = {
	'hash:ip': {revision: 0, withMarks: 4},
	'hash:ip,port': {revision: 1, withMarks: 5},
	'hash:ip,port,ip': {revision: 1, withMarks: 5},
	'hash:ip,port,net': {revision: 1, withMarks: 7},
	'bitmap:port': {revision: 0, withMarks: 3},
}

const ALL_PORTS: readonly Field<never>[] = [
	{type: k.IPSET_ATTR_PORT | k.NLA_F_NET_BYTEORDER, bytes: new Uint8Array([0, 0])},
	{type: k.IPSET_ATTR_PORT_TO | k.NLA_F_NET_BYTEORDER, bytes: new Uint8Array([0xff, 0xff])},
]

const sizeFields = ({maxElements}: SetDefinition, members: number): readonly Field<never>[] => [
	{type: k.IPSET_ATTR_HASHSIZE | k.NLA_F_NET_BYTEORDER, bytes: be32(hashSize(members))},
	{type: k.IPSET_ATTR_MAXELEM | k.NLA_F_NET_BYTEORDER, bytes: be32(maxElements)},
]

/** The kernel's default. */
const SMALLEST_HASH = 1024

/** A bucket takes 12 members, then the kernel doubles their number; at two a bucket that hardly ever happens. */
const hashSize = (members: number): number => {
	let size = SMALLEST_HASH
	while (size * 2 < members) {
		size *= 2
	}
	return size
}

const be32 = (value: number): Uint8Array => uint32(value).reverse()

/** A set that is not there is a success. */
export const encodeDestroy = (name: SetName): Encoded =>
	commandOf(k.IPSET_CMD_DESTROY, NLM_F_REQUEST, [{type: k.IPSET_ATTR_SETNAME, bytes: text(name)}])

/** Exchanges their names, and the rules that use them, in one moment. */
export const encodeSwap = (from: SetName, to: SetName): Encoded =>
	commandOf(k.IPSET_CMD_SWAP, NLM_F_REQUEST, [
		{type: k.IPSET_ATTR_SETNAME, bytes: text(from)},
		{type: k.IPSET_ATTR_SETNAME2, bytes: text(to)},
	])

const commandOf = (type: number, flags: number, fields: readonly Field<never>[]): Encoded =>
	commandTemplate(type, flags, fields).fill(() => undefined)

/** The kernel looks at no family here but at that among the attributes. */
export const commandTemplate = <Slot extends string>(
	type: number,
	flags: number,
	fields: readonly Field<Slot>[],
): Template<Slot> =>
	new Template({
		type,
		flags,
		header: new Uint8Array(k.NFGEN_HEADER),
		fields: [{type: k.IPSET_ATTR_PROTOCOL, bytes: new Uint8Array([k.IPSET_PROTOCOL])}, ...fields],
	})
