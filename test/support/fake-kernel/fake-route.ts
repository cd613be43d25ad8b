import {decodeAttributes, textOf} from '../../../src/kernel/netlink/attributes.ts'
import {type Address, addressFromBytes} from '../../../src/net/address.ts'
import type {FakeLink, FakeLinks} from './fake-links.ts'
import type {Answer} from './fake-netlink.ts'
import type {FakePolicyRouting} from './fake-policy-routing.ts'
import {writeAddresses, writeLink, writeRoutes} from './route-replies.ts'
import {type Command, ERRNO} from './uapi.ts'

const NLM_F_EXCL = 0x200
const NLM_F_CREATE = 0x400
const IFF_UP = 1

/** rtnetlink: dummy devices, addresses and `local` routes (net/core/rtnetlink.c, net/ipv4, net/ipv6). */
export class FakeRoute {
	readonly #links: FakeLinks
	readonly #policy: FakePolicyRouting

	constructor(links: FakeLinks, policy: FakePolicyRouting) {
		this.#links = links
		this.#policy = policy
	}

	readonly handle = (command: Command, payload: Uint8Array, flags: number): Answer => {
		const links = this.#links.all()
		switch (command) {
			case 'get-link':
				return {type: 16, payloads: links.map(writeLink)}
			case 'get-addr':
				return {type: 20, payloads: links.flatMap(writeAddresses)}
			case 'get-route':
				return {type: 24, payloads: [...links.flatMap(writeRoutes), ...this.#policy.writeRoutes()]}
			case 'get-rule':
				return {type: 32, payloads: this.#policy.writeRules()}
			case 'new-rule':
			case 'del-rule':
				return this.#policy.changeRule(command, payload)
			case 'new-link':
				return this.#newLink(payload, flags)
			case 'del-link':
				return this.#links.delete(indexOf(payload)) ? 0 : ERRNO.ENODEV
			case 'new-addr':
			case 'del-addr':
				return this.#changeAddress(command, payload, flags)
			case 'new-route':
			case 'del-route':
				return this.#changeRoute(command, payload, flags)
			default:
				return ERRNO.EOPNOTSUPP
		}
	}

	#newLink(payload: Uint8Array, flags: number): number {
		const view = Buffer.from(payload)
		const known = this.#links.byIndex(indexOf(payload))
		if (known) {
			const change = view.readUInt32LE(12)
			known.isUp = change & IFF_UP ? (view.readUInt32LE(8) & IFF_UP) !== 0 : known.isUp
			return 0
		}
		if (!(flags & NLM_F_CREATE)) {
			return ERRNO.ENODEV
		}
		const attributes = decodeAttributes(payload.subarray(16))
		const info = decodeAttributes(attributes.get(18) ?? new Uint8Array())
		if (!info.has(1) || textOf(info, 1) !== 'dummy') {
			return ERRNO.EOPNOTSUPP
		}
		return this.#links.add(textOf(attributes, 3), false) ? 0 : ERRNO.EEXIST
	}

	#changeAddress(command: Command, payload: Uint8Array, flags: number): number {
		const [family, length = 0] = payload
		const link = this.#links.byIndex(Buffer.from(payload).readUInt32LE(4))
		const attributes = decodeAttributes(payload.subarray(8))
		const bytes = attributes.get(2) ?? attributes.get(1)
		if (!link) {
			return ERRNO.ENODEV
		}
		if (bytes?.length !== widthOf(family)) {
			return ERRNO.EINVAL
		}
		const address = addressFromBytes(bytes)
		if (command === 'del-addr') {
			return link.addresses.get(address) === length && link.addresses.delete(address) ? 0 : ERRNO.EADDRNOTAVAIL
		}
		if (this.#links.isIPv6Off(link.name) && family === 10) {
			return ERRNO.EACCES
		}
		if (link.addresses.has(address) && flags & NLM_F_EXCL) {
			return ERRNO.EEXIST
		}
		link.addresses.set(address, length)
		return 0
	}

	#changeRoute(command: Command, payload: Uint8Array, flags: number): number {
		const [family, length, , , table, protocol, , type] = payload
		const attributes = decodeAttributes(payload.subarray(12))
		if (length === 0) {
			return this.#policy.changeRoute(command, payload)
		}
		const [destination, device] = [attributes.get(1), attributes.get(4)]
		if (table !== 255 || type !== 2 || !protocol || !device || destination?.length !== widthOf(family)) {
			return ERRNO.EINVAL
		}
		const link = this.#links.byIndex(Buffer.from(device).readUInt32LE())
		if (!link || length !== destination.length * 8) {
			return link ? ERRNO.EINVAL : ERRNO.ENODEV
		}
		const address = addressFromBytes(destination)
		if (command === 'new-route' && this.#links.isIPv6Off(link.name) && family === 10) {
			return ERRNO.EACCES
		}
		return command === 'del-route' ? deleteRoute(link, address) : this.#addRoute(link, address, flags)
	}

	#addRoute(link: FakeLink, address: Address, flags: number): number {
		if (!link.isUp) {
			return ERRNO.ENETDOWN
		}
		if (this.#links.hasRoute(address) && flags & NLM_F_EXCL) {
			return ERRNO.EEXIST
		}
		link.routes.add(address)
		return 0
	}
}

const deleteRoute = ({routes}: FakeLink, address: Address): number => (routes.delete(address) ? 0 : ERRNO.ESRCH)

const indexOf = (payload: Uint8Array): number => Buffer.from(payload).readInt32LE(4)

const widthOf = (family: number | undefined): number => (family === 2 ? 4 : 16)
