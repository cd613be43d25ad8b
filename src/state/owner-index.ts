import {listOf, type OneOrMore, setList} from '../compact.ts'
import type {Address, Family} from '../net/address.ts'
import type {SetEntry, SetName} from './ipset.ts'
import {listenFamily, type VirtualServerKey, type VirtualServerState} from './ipvs.ts'
import type {Scope, ServiceTables} from './node-state.ts'
import type {Listener, Owner, ServiceState, SetMember} from './service-state.ts'
import {formatSpan, type Span, spanKey, spanMembers} from './span.ts'
import {compareOwners, SpanIndex} from './span-index.ts'

/** What replacing one ServiceState touched. */
export interface Delta extends Scope {
	/** Owners that may have won or lost a virtual server. */
	readonly owners: ReadonlySet<string>
}

/** A virtual server, or ports that lead to one, that an owner asks for and another one holds. */
export interface Conflict {
	readonly server: VirtualServerKey
	readonly holder: string
}

interface Claim {
	readonly owner: Owner
	readonly listener: Listener
}

class MutableDelta implements Delta {
	readonly virtualServers = new Set<VirtualServerKey>()
	readonly vips = new Set<Address>()
	readonly members = new Map<SetName, Set<SetEntry>>()
	readonly owners = new Set<string>()
}

/**
 * Who owns which key: the union of all ServiceStates, kept up to date one Service at a time, at a cost that follows
 * the Service and not the cluster.
 *
 * 1. Of several claims to one virtual server the oldest holds it (creation time, then `namespace/name`), on every node
 *    alike; its VIP and set members are in effect, those of the others are not.
 * 2. A VIP or a set member is there as long as anybody in effect asks for it.
 * 3. Clients are led from one virtual server to another only while one owner holds both.
 * 4. Ports lead to the virtual server of a mark (`Span`) only while its owner holds that, and no older one asks for any
 *    of the ports.
 * 5. The result depends on the present ServiceStates alone, never on the order in which they came.
 */
export class OwnerIndex implements ServiceTables {
	readonly virtualServers = new Map<VirtualServerKey, VirtualServerState>()
	readonly vips = new Map<Address, number>()
	readonly members = new Map<SetName, Map<SetEntry, number>>()
	readonly steered = new Map<Family, number>()
	readonly #states = new Map<string, ServiceState>()
	/** The holder first. */
	readonly #claims = new Map<VirtualServerKey, OneOrMore<Claim>>()
	/** By owner: members that lead to another virtual server and are in effect. */
	readonly #leading = new Map<string, readonly SetMember[]>()
	readonly #spanIndex = new SpanIndex(this.#states)
	/** By owner: its spans that are in effect, by their keys. */
	readonly #spans = new Map<string, ReadonlyMap<string, Span>>()

	/** Puts `next` in place of what this owner asked for before; undefined takes it away. */
	replace(ownerKey: string, next: ServiceState | undefined): Delta {
		const previous = this.#states.get(ownerKey)
		const delta = new MutableDelta()
		delta.owners.add(ownerKey)
		const listeners = new Map(next?.listeners.map(listener => [listener.state.server.key, listener]))
		for (const key of new Set([...listenerKeys(previous), ...listeners.keys()])) {
			const listener = listeners.get(key)
			this.#claim(key, ownerKey, next && listener && {owner: next.owner, listener}, delta)
		}
		for (const member of next?.members ?? []) {
			this.#countMember(member, 1, delta)
		}
		for (const member of previous?.members ?? []) {
			this.#countMember(member, -1, delta)
		}
		next ? this.#states.set(ownerKey, next) : this.#states.delete(ownerKey)
		for (const owner of this.#spanIndex.replace(ownerKey, previous, next)) {
			delta.owners.add(owner)
		}
		for (const owner of delta.owners) {
			this.#lead(owner, delta)
			this.#span(owner, delta)
		}
		return delta
	}

	/** All keys that these owners ask for. */
	scopeOf(owners: Iterable<string>): Scope {
		const scope = new MutableDelta()
		for (const owner of owners) {
			const state = this.#states.get(owner)
			for (const {state: server, vip, members, inside} of state?.listeners ?? []) {
				scope.virtualServers.add(server.server.key)
				if (vip !== undefined) {
					scope.vips.add(vip)
				}
				addMembers(scope.members, inside ? [...members, inside.member] : members)
			}
			for (const span of state?.spans ?? []) {
				scope.vips.add(span.address)
				addMembers(scope.members, spanMembers(span))
			}
			addMembers(scope.members, state?.members ?? [])
		}
		return scope
	}

	/** Everybody who asks for something. */
	readonly owners = (): IterableIterator<string> => this.#states.keys()

	/** The latest state of an owner. */
	stateOf(ownerKey: string): ServiceState | undefined {
		return this.#states.get(ownerKey)
	}

	/** What this owner asks for in vain. */
	conflictsOf(ownerKey: string): readonly Conflict[] {
		const state = this.#states.get(ownerKey)
		if (!state) {
			return []
		}
		const listeners = state.listeners.flatMap(listener => {
			const {key} = listener.state.server
			const holder = this.holderOf(key)
			const other = holder === ownerKey ? this.#spanIndex.covererOf(state, listener) : holder
			return other === undefined ? [] : [{server: key, holder: other}]
		})
		const spans = (state.spans ?? []).flatMap(span => {
			const holder = this.#spanIndex.blockerOf(state, span)
			return holder === undefined ? [] : [{server: formatSpan(span), holder}]
		})
		return [...listeners, ...spans]
	}

	/** `namespace/name` of the Service that a virtual server belongs to. */
	holderOf(server: VirtualServerKey): string | undefined {
		return listOf(this.#claims.get(server))[0]?.owner.key
	}

	#claim(key: VirtualServerKey, ownerKey: string, claim: Claim | undefined, delta: MutableDelta): void {
		const before = listOf(this.#claims.get(key))
		const others = before.filter(({owner}) => owner.key !== ownerKey)
		const after = claim ? [...others, claim].sort((a, b) => compareOwners(a.owner, b.owner)) : others
		setList(this.#claims, key, after)
		for (const {owner} of [...before, ...after]) {
			delta.owners.add(owner.key)
		}
		this.#swap(key, before[0]?.listener, after[0]?.listener, delta)
	}

	/** Takes `before` out of effect and puts `after` into it. */
	#swap(key: VirtualServerKey, before: Listener | undefined, after: Listener | undefined, delta: MutableDelta): void {
		if (before === after) {
			return
		}
		delta.virtualServers.add(key)
		after ? this.virtualServers.set(key, after.state) : this.virtualServers.delete(key)
		for (const [listener, step] of [[after, 1] as const, [before, -1] as const]) {
			if (listener?.vip !== undefined) {
				count(this.vips, listener.vip, step)
				delta.vips.add(listener.vip)
			}
			if (listener?.steered) {
				count(this.steered, listenFamily(listener.state.server.listen), step)
			}
			for (const member of listener?.members ?? []) {
				this.#countMember(member, step, delta)
			}
		}
	}

	/** Brings the members up to date that depend on two virtual servers. */
	#lead(ownerKey: string, delta: MutableDelta): void {
		const holds = (server: VirtualServerKey) => this.holderOf(server) === ownerKey
		const after = (this.#states.get(ownerKey)?.listeners ?? []).flatMap(({state, inside}) =>
			inside && holds(state.server.key) && holds(inside.server) ? [inside.member] : [],
		)
		const before = this.#leading.get(ownerKey) ?? []
		for (const member of after) {
			this.#countMember(member, 1, delta)
		}
		for (const member of before) {
			this.#countMember(member, -1, delta)
		}
		after.length > 0 ? this.#leading.set(ownerKey, after) : this.#leading.delete(ownerKey)
	}

	/** The same for ports that lead to virtual servers of marks. */
	#span(ownerKey: string, delta: MutableDelta): void {
		const state = this.#states.get(ownerKey)
		const before = this.#spans.get(ownerKey)
		const after = new Map<string, Span>()
		for (const span of state?.spans ?? []) {
			if (state && this.holderOf(span.server) === ownerKey && !this.#spanIndex.blockerOf(state, span)) {
				after.set(spanKey(span), span)
			}
		}
		for (const [key, span] of after) {
			before?.has(key) || this.#countSpan(span, 1, delta)
		}
		for (const [key, span] of before ?? []) {
			after.has(key) || this.#countSpan(span, -1, delta)
		}
		after.size > 0 ? this.#spans.set(ownerKey, after) : this.#spans.delete(ownerKey)
	}

	#countSpan(span: Span, step: 1 | -1, delta: MutableDelta): void {
		if (span.isBound) {
			count(this.vips, span.address, step)
			delta.vips.add(span.address)
		}
		for (const member of spanMembers(span)) {
			this.#countMember(member, step, delta)
		}
	}

	#countMember({set, entry}: SetMember, step: 1 | -1, delta: MutableDelta): void {
		count(
			getOrMake(this.members, set, () => new Map()),
			entry,
			step,
		)
		getOrMake(delta.members, set, () => new Set()).add(entry)
	}
}

const addMembers = (scope: Map<SetName, Set<SetEntry>>, members: readonly SetMember[]): void => {
	for (const {set, entry} of members) {
		getOrMake(scope, set, () => new Set()).add(entry)
	}
}

const listenerKeys = (state: ServiceState | undefined): Set<VirtualServerKey> =>
	new Set(state?.listeners.map(({state}) => state.server.key))

/** A key is in the map as long as its count is above 0. */
const count = <Key>(counts: Map<Key, number>, key: Key, step: 1 | -1): void => {
	const next = (counts.get(key) ?? 0) + step
	next > 0 ? counts.set(key, next) : counts.delete(key)
}

const getOrMake = <Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value => {
	const found = map.get(key)
	if (found !== undefined) {
		return found
	}
	const made = make()
	map.set(key, made)
	return made
}
