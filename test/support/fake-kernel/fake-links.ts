import type {Address} from '../../../src/net/address.ts'
import type {Prefix} from '../../../src/net/prefix.ts'
import {writeAddress, writeLink} from './route-replies.ts'

/** Tells of one change: multicast group, message type, payload. */
export type Notify = (group: number, type: number, payload: Uint8Array) => void

const [LINK, IPV4_ADDRESS, IPV6_ADDRESS] = [1, 5, 9] as const
const [NEWLINK, DELLINK, NEWADDR, DELADDR] = [16, 17, 20, 21] as const

export interface FakeLink {
	readonly index: number
	readonly name: string
	/** `dummy` when it is left out. */
	kind?: string
	/** 1500 when it is left out. */
	mtu?: number
	isUp: boolean
	/** Prefix lengths by address. */
	readonly addresses: Map<Address, number>
	/** `local` routes that somebody made; those of the kernel follow from the addresses. */
	readonly routes: Set<Address>
}

/** Interfaces with their addresses and routes, in the order in which they were made. */
export class FakeLinks {
	readonly #links = new Map<number, FakeLink>()
	readonly #files: Map<string, string>
	#nextIndex = 1
	/** Whom the kernel tells of changes. */
	notify: Notify = () => undefined

	/** `files` are those below /proc: a new interface takes the default settings. */
	constructor(files = new Map<string, string>()) {
		this.#files = files
	}

	/** Undefined where one of this name exists. */
	add(name: string, isUp: boolean, addresses: readonly Prefix[] = []): FakeLink | undefined {
		if (this.find(name)) {
			return undefined
		}
		const index = this.#nextIndex++
		const link = this.#makeLink(index, name, isUp)
		this.#links.set(index, link)
		this.notify(LINK, NEWLINK, writeLink(link))
		for (const {address, length} of addresses) {
			link.addresses.set(address, length)
		}
		if (this.isIPv6Off('default')) {
			this.#files.set(disablePath(name), '1\n')
		}
		return link
	}

	/** Its addresses and routes go with it. */
	delete(index: number): boolean {
		const link = this.#links.get(index)
		if (!link) {
			return false
		}
		this.#files.delete(disablePath(link.name))
		for (const address of [...link.addresses.keys()]) {
			link.addresses.delete(address)
		}
		this.#links.delete(index)
		this.notify(LINK, DELLINK, writeLink(link))
		return true
	}

	#makeLink(index: number, name: string, startsUp: boolean): FakeLink {
		const notify: Notify = (...notice) => this.notify(...notice)
		let isUp = startsUp
		const addresses = new NotifyingAddresses((type, address, length) =>
			notify(address.includes(':') ? IPV6_ADDRESS : IPV4_ADDRESS, type, writeAddress(link, address, length)),
		)
		const link: FakeLink = {
			...{index, name, addresses, routes: new Set()},
			get isUp() {
				return isUp
			},
			set isUp(value) {
				isUp = value
				notify(LINK, NEWLINK, writeLink(link))
			},
		}
		return link
	}

	isIPv6Off(name: string): boolean {
		return this.#files.get(disablePath(name))?.trim() === '1'
	}

	find(name: string): FakeLink | undefined {
		return this.all().find(link => link.name === name)
	}

	byIndex(index: number): FakeLink | undefined {
		return this.#links.get(index)
	}

	all(): readonly FakeLink[] {
		return [...this.#links.values()]
	}

	/** Whether any interface has this `local` route by somebody's hand. */
	hasRoute(address: Address): boolean {
		return this.all().some(({routes}) => routes.has(address))
	}
}

const disablePath = (name: string): string => `/proc/sys/net/ipv6/conf/${name}/disable_ipv6`

/** A change by whosever hand is told. */
class NotifyingAddresses extends Map<Address, number> {
	readonly #notify: (type: number, address: Address, length: number) => void

	constructor(notify: (type: number, address: Address, length: number) => void) {
		super()
		this.#notify = notify
	}

	override set(address: Address, length: number): this {
		super.set(address, length)
		this.#notify(NEWADDR, address, length)
		return this
	}

	override delete(address: Address): boolean {
		const length = this.get(address)
		const isDeleted = super.delete(address)
		if (length !== undefined) {
			this.#notify(DELADDR, address, length)
		}
		return isDeleted
	}
}
