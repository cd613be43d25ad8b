import {NONE} from '../compact.ts'
import type {Address} from '../net/address.ts'
import {type Ports, portsOverlap} from '../net/port-range.ts'
import type {Listener, Owner, ServiceState} from './service-state.ts'
import type {Span} from './span.ts'

/** Who asks for what on which address: one claim may be for many ports, so that keys do not tell. */
export class SpanIndex {
	readonly #states: ReadonlyMap<string, ServiceState>
	readonly #owners = new OwnersAt()
	readonly #spanning = new OwnersAt()

	/** `states` has, by owner, what all of them ask for now. */
	constructor(states: ReadonlyMap<string, ServiceState>) {
		this.#states = states
	}

	/** Gives those who meet this owner at an address where somebody has a span. */
	replace(ownerKey: string, previous: ServiceState | undefined, next: ServiceState | undefined): readonly string[] {
		const [before, after] = [addressesOf(previous), addressesOf(next)]
		const [spannedBefore, spannedAfter] = [spansOf(previous), spansOf(next)]
		this.#owners.replace(ownerKey, before, after)
		this.#spanning.replace(ownerKey, spannedBefore, spannedAfter)
		if (spannedBefore.size === 0 && this.#spanning.isEmpty) {
			return NONE
		}
		const own = spannedBefore.union(spannedAfter)
		return [...before.union(after)].flatMap(address => [
			...(own.has(address) ? this.#owners : this.#spanning).at(address),
		])
	}

	/** Who has asked for a port of the span before its owner did. */
	blockerOf({owner}: ServiceState, {address, ports}: Span): string | undefined {
		return this.#olderOf(this.#owners.at(address), owner).find(({listeners, spans}) =>
			[...listeners.flatMap(portsOf), ...(spans ?? [])].some(
				claim => claim.address === address && portsOverlap(claim.ports, ports),
			),
		)?.owner.key
	}

	/** Who has got a span over this listener, before its owner asked. At addresses of the node very many listen. */
	covererOf({owner}: ServiceState, listener: Listener): string | undefined {
		if (this.#spanning.isEmpty) {
			return undefined
		}
		return portsOf(listener)
			.flatMap(({address, ports}) =>
				this.#olderOf(this.#spanning.at(address), owner).filter(state => isCovered(state, address, ports)),
			)
			.at(0)?.owner.key
	}

	#olderOf(owners: Iterable<string>, owner: Owner): readonly ServiceState[] {
		return [...owners]
			.flatMap(key => this.#states.get(key) ?? [])
			.filter(state => compareOwners(state.owner, owner) < 0)
			.sort((a, b) => compareOwners(a.owner, b.owner))
	}
}

/** Owners by address; most addresses have but one, and there are very many of them. */
class OwnersAt {
	readonly #owners = new Map<Address, string | Set<string>>()

	get isEmpty(): boolean {
		return this.#owners.size === 0
	}

	replace(owner: string, before: ReadonlySet<Address>, after: ReadonlySet<Address>): void {
		for (const address of before) {
			after.has(address) || this.#delete(address, owner)
		}
		for (const address of after) {
			before.has(address) || this.#add(address, owner)
		}
	}

	at(address: Address): Iterable<string> {
		const found = this.#owners.get(address) ?? []
		return typeof found === 'string' ? [found] : found
	}

	#add(address: Address, owner: string): void {
		const found = this.#owners.get(address)
		if (typeof found === 'object') {
			found.add(owner)
		} else {
			this.#owners.set(address, found === undefined ? owner : new Set([found, owner]))
		}
	}

	#delete(address: Address, owner: string): void {
		const found = this.#owners.get(address)
		if (typeof found === 'object') {
			found.delete(owner)
		}
		if (found === owner || (typeof found === 'object' && found.size === 0)) {
			this.#owners.delete(address)
		}
	}
}

/** The older one first, of the same age by name. */
export const compareOwners = (a: Owner, b: Owner): number =>
	a.createdAt - b.createdAt || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)

const isCovered = ({spans}: ServiceState, address: Address, ports: Ports): boolean =>
	spans?.some(span => span.address === address && portsOverlap(span.ports, ports)) ?? false

const portsOf = ({state}: Listener): readonly {readonly address: Address; readonly ports: Ports}[] => {
	const {listen} = state.server
	return listen.kind === 'address'
		? [{address: listen.address, ports: {protocol: listen.protocol, first: listen.port, last: listen.port}}]
		: []
}

const addressesOf = (state: ServiceState | undefined): ReadonlySet<Address> => {
	if (!state) {
		return NOWHERE
	}
	const addresses = new Set(state.spans?.map(({address}) => address))
	for (const {state: server} of state.listeners) {
		const {listen} = server.server
		if (listen.kind === 'address') {
			addresses.add(listen.address)
		}
	}
	return addresses
}

const spansOf = (state: ServiceState | undefined): ReadonlySet<Address> =>
	state?.spans ? new Set(state.spans.map(({address}) => address)) : NOWHERE

const NOWHERE: ReadonlySet<Address> = new Set()
