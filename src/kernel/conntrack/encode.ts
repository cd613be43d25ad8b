import {type Address, addressToBytes, type Family} from '../../net/address.ts'
import {PROTOCOL_NUMBERS, type Protocol} from '../../net/protocol.ts'
import type {FlowFilter} from '../../state/conntrack.ts'
import {uint32} from '../netlink/bytes.ts'
import {NLA_F_NESTED, NLM_F_DUMP, NLM_F_REQUEST} from '../netlink/constants.ts'
import {familyNumber} from '../netlink/family.ts'
import {type Encoded, type Field, Template} from '../netlink/template.ts'
import * as k from './constants.ts'
import type {TrackedFlow} from './decode.ts'

const header = (family: Family): Uint8Array => new Uint8Array([familyNumber(family), 0, 0, 0])

/** All flows of one family. */
export const encodeDumpFlows = (family: Family): Encoded => dumpOf(family, [])

/**
 * Those flows of one family that have what all of the filters have in common, and on an old kernel others as well. Not
 * by IPv6 address: kernels leave out just those that match (6.1 does, net/netfilter/nf_conntrack_netlink.c).
 */
export const encodeDumpCommon = (family: Family, filters: readonly FlowFilter[]): Encoded => {
	const protocol = commonOf(filters.map(filter => filter.protocol))
	if (protocol === undefined) {
		return encodeDumpFlows(family)
	}
	const vip = family === 'ipv4' ? commonOf(filters.map(filter => filter.vip)) : undefined
	const port = commonOf(filters.map(filter => (filter.lastPort === undefined ? filter.vipPort : undefined)))
	const flags =
		k.FILTER_PROTO_NUM | (vip === undefined ? 0 : k.FILTER_IP_DST) | (port === undefined ? 0 : k.FILTER_PROTO_DST_PORT)
	return dumpOf(family, [
		{type: k.CTA_TUPLE_ORIG, nest: [...addressFields(vip), portFields(protocol, port)]},
		{type: k.CTA_FILTER, nest: [{type: k.CTA_FILTER_ORIG_FLAGS, bytes: uint32(flags)}]},
	])
}

/** Deletes exactly this flow: its tuple, its id and its zone are those that the kernel gave. */
export const encodeDeleteFlow = (family: Family, {identity}: TrackedFlow): Encoded =>
	new Template<never>({
		type: k.IPCTNL_MSG_CT_DELETE,
		flags: NLM_F_REQUEST,
		header: header(family),
		fields: identity.map(({type, bytes}) => ({type: type === k.CTA_TUPLE_ORIG ? type | NLA_F_NESTED : type, bytes})),
	}).fill(() => undefined)

const dumpOf = (family: Family, fields: readonly Field<never>[]): Encoded =>
	new Template<never>({
		type: k.IPCTNL_MSG_CT_GET,
		flags: NLM_F_REQUEST | NLM_F_DUMP,
		header: header(family),
		fields,
	}).fill(() => undefined)

/** The value that all of them are; undefined where they differ. */
const commonOf = <Value>(values: readonly Value[]): Value | undefined =>
	values.every(value => value === values[0]) ? values[0] : undefined

const addressFields = (vip: Address | undefined): readonly Field<never>[] => {
	if (vip === undefined) {
		return []
	}
	return [{type: k.CTA_TUPLE_IP, nest: [{type: k.CTA_IP_V4_DST, bytes: Uint8Array.from(addressToBytes(vip))}]}]
}

const portFields = (protocol: Protocol, port: number | undefined): Field<never> => ({
	type: k.CTA_TUPLE_PROTO,
	nest: [
		{type: k.CTA_PROTO_NUM, bytes: new Uint8Array([PROTOCOL_NUMBERS[protocol]])},
		...(port === undefined ? [] : [{type: k.CTA_PROTO_DST_PORT, bytes: new Uint8Array([port >>> 8, port & 0xff])}]),
	],
})
