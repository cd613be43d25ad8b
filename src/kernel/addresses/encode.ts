import {type Address, bitsOf, type Family, familyOf} from '../../net/address.ts'
import {layDownAddress} from '../../net/put-address.ts'
import {VIP_DEVICE} from '../../state/addresses.ts'
import {text, uint32} from '../netlink/bytes.ts'
import {NLM_F_CREATE, NLM_F_DUMP, NLM_F_EXCL, NLM_F_REQUEST} from '../netlink/constants.ts'
import {familyNumber} from '../netlink/family.ts'
import {type Encoded, type Field, Template} from '../netlink/template.ts'
import * as k from './constants.ts'

const CREATE = NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL
const asIs = (template: Template<never>): Encoded => template.fill(() => undefined)

/** struct ifinfomsg: the dummy device, created and left down as kube-proxy leaves it; its addresses are local anyway. */
export const encodeCreateDevice = (): Encoded =>
	asIs(
		new Template<never>({
			type: k.RTM_NEWLINK,
			flags: CREATE,
			header: new Uint8Array(16),
			fields: [
				{type: k.IFLA_IFNAME, bytes: text(VIP_DEVICE)},
				{type: k.IFLA_LINKINFO, nest: [{type: k.IFLA_INFO_KIND, bytes: text('dummy')}]},
			],
		}),
	)

/** Deletes a device by its index, or raises it. */
export const encodeDevice = (change: 'delete' | 'raise', index: number): Encoded => {
	const header = new Uint8Array(16)
	header.set(uint32(index), 4)
	if (change === 'raise') {
		header.set(uint32(k.IFF_UP), 8)
		header.set(uint32(k.IFF_UP), 12)
	}
	const type = change === 'raise' ? k.RTM_NEWLINK : k.RTM_DELLINK
	return asIs(new Template<never>({type, flags: NLM_F_REQUEST, header, fields: []}))
}

/** All links, addresses or routes; `header` is the family header of that kind, of which the kernel reads little. */
export const encodeDump = (type: number, header: Uint8Array): Encoded =>
	asIs(new Template<never>({type, flags: NLM_F_REQUEST | NLM_F_DUMP, header, fields: []}))

/** Binds and unbinds VIPs on the device of one index. */
export class VipEncoder {
	readonly #templates = new Map<string, Template<'address' | 'again'>>()
	readonly #index: number

	constructor(index: number) {
		this.#index = index
	}

	/** An address on the device, of the width of a host unless told otherwise (struct ifaddrmsg). */
	address(change: 'add' | 'delete', address: Address, length: number = bitsOf(familyOf(address))): Encoded {
		const template = this.#template(`${change} address ${length}`, familyOf(address), family => ({
			type: change === 'add' ? k.RTM_NEWADDR : k.RTM_DELADDR,
			flags: change === 'add' ? CREATE : NLM_F_REQUEST,
			header: new Uint8Array([
				familyNumber(family),
				length,
				family === 'ipv6' ? k.IFA_F_NODAD : 0,
				k.RT_SCOPE_UNIVERSE,
				...uint32(this.#index),
			]),
			fields: [
				{type: k.IFA_LOCAL, slot: 'again', size: bitsOf(family) / 8},
				{type: k.IFA_ADDRESS, slot: 'address', size: bitsOf(family) / 8},
			],
		}))
		return template.fill((target, base, at) => {
			layDownAddress(target, base + at.again, address)
			layDownAddress(target, base + at.address, address)
		})
	}

	/** A `local` route through the device (struct rtmsg). */
	route(change: 'add' | 'delete', address: Address): Encoded {
		const template = this.#template(`${change} route`, familyOf(address), family => ({
			type: change === 'add' ? k.RTM_NEWROUTE : k.RTM_DELROUTE,
			flags: change === 'add' ? CREATE : NLM_F_REQUEST,
			header: routeHeader(family),
			fields: [
				{type: k.RTA_DST, slot: 'address', size: bitsOf(family) / 8},
				{type: k.RTA_OIF, bytes: uint32(this.#index)},
				{type: k.RTA_TABLE, bytes: uint32(k.RT_TABLE_LOCAL)},
			],
		}))
		return template.fill((target, base, at) => layDownAddress(target, base + at.address, address))
	}

	#template(
		name: string,
		family: Family,
		make: (family: Family) => {
			readonly type: number
			readonly flags: number
			readonly header: Uint8Array
			readonly fields: readonly Field<'address' | 'again'>[]
		},
	): Template<'address' | 'again'> {
		const key = `${name} ${family}`
		const template = this.#templates.get(key) ?? new Template(make(family))
		this.#templates.set(key, template)
		return template
	}
}

const routeHeader = (family: Family): Uint8Array => {
	const scope = family === 'ipv4' ? k.RT_SCOPE_HOST : k.RT_SCOPE_UNIVERSE
	return new Uint8Array([
		...[familyNumber(family), bitsOf(family), 0, 0],
		...[k.RT_TABLE_LOCAL, k.RTPROT_KUBE_LVS, scope, k.RTN_LOCAL],
		...uint32(0),
	])
}
