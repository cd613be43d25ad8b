import type {Family} from '../../net/address.ts'
import {STEERING_PRIORITY, STEERING_TABLE, type SteeringPart} from '../../state/steering.ts'
import {type Attributes, bytesOf, decodeAttributes, uint32Of} from '../netlink/attributes.ts'
import {uint32} from '../netlink/bytes.ts'
import {NLM_F_CREATE, NLM_F_EXCL, NLM_F_REQUEST} from '../netlink/constants.ts'
import {familyFromNumber, familyNumber} from '../netlink/family.ts'
import {type Encoded, Template} from '../netlink/template.ts'
import * as k from './constants.ts'
import {headerOf} from './decode.ts'

/** Makes or deletes a part of what steers marked packets; never one of somebody else, who has another protocol. */
export const encodeSteering = (change: 'create' | 'delete', part: SteeringPart): Encoded => {
	const flags = change === 'create' ? NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL : NLM_F_REQUEST
	const [made, deleted] = part.kind === 'rule' ? [k.RTM_NEWRULE, k.RTM_DELRULE] : [k.RTM_NEWROUTE, k.RTM_DELROUTE]
	const layout = part.kind === 'rule' ? ruleOf(part) : routeOf(part.family)
	const template = new Template<never>({type: change === 'create' ? made : deleted, flags, ...layout})
	return template.fill(() => undefined)
}

/** struct fib_rule_hdr: `from all fwmark MARK/MASK lookup TABLE`. */
const ruleOf = ({family, mark, mask}: Extract<SteeringPart, {readonly kind: 'rule'}>) => ({
	header: new Uint8Array([familyNumber(family), 0, 0, 0, 0, 0, 0, k.FR_ACT_TO_TBL, 0, 0, 0, 0]),
	fields: [
		{type: k.FRA_PRIORITY, bytes: uint32(STEERING_PRIORITY)},
		{type: k.FRA_FWMARK, bytes: uint32(mark)},
		{type: k.FRA_FWMASK, bytes: uint32(mask)},
		{type: k.FRA_TABLE, bytes: uint32(STEERING_TABLE)},
		{type: k.FRA_PROTOCOL, bytes: new Uint8Array([k.RTPROT_KUBE_LVS])},
	],
})

/** struct rtmsg: `local default dev lo table TABLE`. */
const routeOf = (family: Family) => {
	const scope = family === 'ipv4' ? k.RT_SCOPE_HOST : k.RT_SCOPE_UNIVERSE
	return {
		header: new Uint8Array([familyNumber(family), 0, 0, 0, 0, k.RTPROT_KUBE_LVS, scope, k.RTN_LOCAL, 0, 0, 0, 0]),
		fields: [
			{type: k.RTA_OIF, bytes: uint32(k.LOOPBACK_INDEX)},
			{type: k.RTA_TABLE, bytes: uint32(STEERING_TABLE)},
		],
	}
}

/** Undefined for a rule that is not ours. Kernels before 4.17 do not tell who made it: then the table has to do. */
export const decodeSteeringRule = (payload: Uint8Array): SteeringPart | undefined => {
	const view = headerOf(payload, 12)
	const family = familyFromNumber(view.getUint8(0))
	const attributes = decodeAttributes(payload.subarray(12))
	const isByUs = !attributes.has(k.FRA_PROTOCOL) || bytesOf(attributes, k.FRA_PROTOCOL, 1)[0] === k.RTPROT_KUBE_LVS
	const isMarkRule = attributes.has(k.FRA_FWMARK) && attributes.has(k.FRA_FWMASK)
	if (!family || !isByUs || !isMarkRule || !isOfTable(attributes, k.FRA_TABLE)) {
		return undefined
	}
	return number(attributes, k.FRA_PRIORITY) === STEERING_PRIORITY
		? {kind: 'rule', family, mark: uint32Of(attributes, k.FRA_FWMARK), mask: uint32Of(attributes, k.FRA_FWMASK)}
		: undefined
}

/** Undefined for a route that is not ours. */
export const decodeSteeringRoute = (payload: Uint8Array): SteeringPart | undefined => {
	const view = headerOf(payload, 12)
	const family = familyFromNumber(view.getUint8(0))
	const isDefault = view.getUint8(1) === 0
	const isOurs = view.getUint8(5) === k.RTPROT_KUBE_LVS && view.getUint8(7) === k.RTN_LOCAL
	return family && isDefault && isOurs && isOfTable(decodeAttributes(payload.subarray(12)), k.RTA_TABLE)
		? {kind: 'route', family}
		: undefined
}

const isOfTable = (attributes: Attributes, type: number): boolean => number(attributes, type) === STEERING_TABLE

const number = (attributes: Attributes, type: number): number | undefined =>
	attributes.has(type) ? uint32Of(attributes, type) : undefined
