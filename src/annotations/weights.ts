import {type Address, parseAddress} from '../net/address.ts'
import {type Prefix, parsePrefix} from '../net/prefix.ts'
import {celMatches, type Form, listPattern, shapeOf} from './form.ts'

/** The weight of those endpoints that the selector matches. */
export interface WeightRule {
	readonly selector: WeightSelector
	/** 0 to 65,535; 0 takes no new connections. */
	readonly weight: number
	/** As it was written: `zone=eu-1a`. */
	readonly text: string
}

export type WeightSelector =
	| {readonly kind: 'default'}
	| {readonly kind: 'zone'; readonly name: string}
	| {readonly kind: 'node'; readonly name: string}
	| {readonly kind: 'address'; readonly address: Address}
	| {readonly kind: 'prefix'; readonly prefix: Prefix}

/** IPVS has 31 bits for a weight, netlink and its tools show 16. */
export const MAX_WEIGHT = 65_535

/** A value of a label: what a zone is named. */
const ZONE = '[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?'
const NODE = '[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?'
const NETWORK = '[0-9A-Fa-f:.]{2,45}(/(0|[1-9][0-9]{0,2}))?'
const ITEM = `(zone=${ZONE}|node=${NODE}|default|${NETWORK}) +(0|[1-9][0-9]{0,4})`

/** Each endpoint is held against each entry. */
const LONGEST = 4096
const LIST = shapeOf(listPattern(ITEM), LONGEST)

/** `zone=eu-1a 3, node=worker-7 0, 10.244.3.0/24 2, fd00::7 5, default 1`: the first that matches an endpoint counts. */
export const weightRules: Form<readonly WeightRule[]> = {
	allowed:
		`a list such as "zone=eu-1a 3, node=worker-7 0, 10.244.3.0/24 2, fd00::7 5, default 1", ` +
		`with weights from 0 to ${MAX_WEIGHT}, of at most ${LONGEST} characters`,
	parse: text => {
		const rules = LIST.matches(text) ? text.split(',').map(parseRule) : [undefined]
		return rules.every(rule => rule !== undefined) ? rules : undefined
	},
	cel: text =>
		`${LIST.cel(text)} && ${text}.split(',').all(item, ` +
		`int(item.trim().substring(item.trim().lastIndexOf(' ') + 1)) <= ${MAX_WEIGHT} && ` +
		`(${celMatches('item.trim()', `(zone=|node=|default ).*`)} || ` +
		`isIP(item.trim().substring(0, item.trim().indexOf(' '))) || ` +
		`isCIDR(item.trim().substring(0, item.trim().indexOf(' ')))))`,
}

const parseRule = (item: string): WeightRule | undefined => {
	const [text = '', digits = ''] = item.trim().split(/ +/)
	const selector = parseSelector(text)
	const weight = Number(digits)
	return selector && weight <= MAX_WEIGHT ? {selector, weight, text} : undefined
}

const parseSelector = (text: string): WeightSelector | undefined => {
	const [kind = '', name] = text.split('=', 2)
	if ((kind === 'zone' || kind === 'node') && name !== undefined) {
		return {kind, name}
	}
	if (text === 'default') {
		return {kind: 'default'}
	}
	const [network = ''] = text.split('/', 1)
	const address = parseAddress(network)
	if (!address || IPV4_MAPPED.test(address)) {
		return undefined
	}
	const prefix = network === text ? undefined : parsePrefix(text)
	return network === text ? {kind: 'address', address} : prefix && {kind: 'prefix', prefix}
}

/** An IPv4 address in the form of an IPv6 one is no address in CEL, nor of any endpoint. */
const IPV4_MAPPED = /^::ffff:[0-9a-f]{1,4}:[0-9a-f]{1,4}$/
