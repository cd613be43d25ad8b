import {type Address, addressFromBytes} from '../../net/address.ts'
import {protocolFromNumber} from '../../net/protocol.ts'
import type {FlowFilter} from '../../state/conntrack.ts'
import {type Attributes, bytesOf, decodeAttributes, nestedOf, portOf} from '../netlink/attributes.ts'
import * as k from './constants.ts'

/** One tracked flow, and the attributes by which it is deleted. */
export interface TrackedFlow extends FlowFilter {
	readonly identity: readonly {readonly type: number; readonly bytes: Uint8Array}[]
}

/** Undefined for a flow of a protocol without ports that we balance. */
export const decodeFlow = (payload: Uint8Array): TrackedFlow | undefined => {
	const flow = decodeAttributes(payload.subarray(k.NFGEN_HEADER))
	const original = nestedOf(flow, k.CTA_TUPLE_ORIG)
	const reply = nestedOf(flow, k.CTA_TUPLE_REPLY)
	const ports = nestedOf(original, k.CTA_TUPLE_PROTO)
	const protocol = protocolFromNumber(bytesOf(ports, k.CTA_PROTO_NUM, 1)[0] ?? 0)
	if (!protocol) {
		return undefined
	}
	return {
		protocol,
		vip: addressOf(nestedOf(original, k.CTA_TUPLE_IP), 'destination'),
		vipPort: portOf(ports, k.CTA_PROTO_DST_PORT),
		realServer: addressOf(nestedOf(reply, k.CTA_TUPLE_IP), 'source'),
		realServerPort: portOf(nestedOf(reply, k.CTA_TUPLE_PROTO), k.CTA_PROTO_SRC_PORT),
		identity: [k.CTA_TUPLE_ORIG, k.CTA_ID, k.CTA_ZONE].flatMap(type => {
			const bytes = flow.get(type)
			return bytes ? [{type, bytes}] : []
		}),
	}
}

const addressOf = (tuple: Attributes, end: 'source' | 'destination'): Address => {
	const [v4, v6] = end === 'source' ? [k.CTA_IP_V4_SRC, k.CTA_IP_V6_SRC] : [k.CTA_IP_V4_DST, k.CTA_IP_V6_DST]
	return tuple.has(v4) ? addressFromBytes(bytesOf(tuple, v4, 4)) : addressFromBytes(bytesOf(tuple, v6, 16))
}
