import type {Family} from '../../net/address.ts'
import {NLA_F_NESTED, NLM_F_DUMP, NLM_F_REQUEST} from '../netlink/constants.ts'
import {familyNumber} from '../netlink/family.ts'
import {type Encoded, Template} from '../netlink/template.ts'
import * as k from './constants.ts'
import type {TrackedFlow} from './decode.ts'

const header = (family: Family): Uint8Array => new Uint8Array([familyNumber(family), 0, 0, 0])

/** All flows of one family. */
export const encodeDumpFlows = (family: Family): Encoded =>
	new Template<never>({
		type: k.IPCTNL_MSG_CT_GET,
		flags: NLM_F_REQUEST | NLM_F_DUMP,
		header: header(family),
		fields: [],
	}).fill(() => undefined)

/** Deletes exactly this flow: its tuple, its id and its zone are those that the kernel gave. */
export const encodeDeleteFlow = (family: Family, {identity}: TrackedFlow): Encoded =>
	new Template<never>({
		type: k.IPCTNL_MSG_CT_DELETE,
		flags: NLM_F_REQUEST,
		header: header(family),
		fields: identity.map(({type, bytes}) => ({type: type === k.CTA_TUPLE_ORIG ? type | NLA_F_NESTED : type, bytes})),
	}).fill(() => undefined)
