import {type Address, parseAddress} from '../net/address.ts'
import {type Prefix, parsePrefix} from '../net/prefix.ts'
import {celMatches, type Form, listPattern} from './form.ts'

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
const NETWORK = '[0-9A-Fa-f:.]{2,45}(/[0-9]{1,3})?'
const ITEM = `(zone=${ZONE}|node=${NODE}|default|${NETWORK}) +[0-9]{1,5}`
const LIST = new RegExp(`^${listPattern(ITEM)}$`)

/** `zone=eu-1a 3, node=worker-7 0, 10.244.3.0/24 2, fd00::7 5, default 1`: the first that matches an endpoint counts. */
export const weightRules: Form<readonly WeightRule[]> = {
	allowed:
		`a list such as "zone=eu-1a 3, node=worker-7 0, 10.244.3.0/24 2, fd00::7 5, default 1", ` +
		`with weights from 0 to ${MAX_WEIGHT}`,
	parse: text => {
		const rules = LIST.test(text) ? text.split(',').map(parseRule) : [undefined]
		return rules.every(rule => rule !== undefined) ? rules : undefined
	},
	cel: text =>
		`${celMatches(text, listPattern(ITEM))} && ${text}.split(',').all(item, ` +
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
	// An IPv4 address in the form of an IPv6 one is none in CEL.
	if (/^::ffff:/i.test(text) && text.includes('.')) {
		return undefined
	}
	const address = parseAddress(text)
	const prefix = address ? undefined : parsePrefix(text)
	return address ? {kind: 'address', address} : prefix && {kind: 'prefix', prefix}
}
