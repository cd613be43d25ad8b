import type {Address} from '../../../src/net/address.ts'
import type {Prefix} from '../../../src/net/prefix.ts'

export interface FakeLink {
	readonly index: number
	readonly name: string
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
		const link: FakeLink = {
			index,
			name,
			isUp,
			addresses: new Map(addresses.map(({address, length}) => [address, length])),
			routes: new Set(),
		}
		this.#links.set(index, link)
		if (this.isIPv6Off('default')) {
			this.#files.set(disablePath(name), '1\n')
		}
		return link
	}

	/** Its addresses and routes go with it. */
	delete(index: number): boolean {
		this.#files.delete(disablePath(this.#links.get(index)?.name ?? ''))
		return this.#links.delete(index)
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
