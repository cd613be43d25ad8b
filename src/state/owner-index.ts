import {listOf, NONE, type OneOrMore, setList} from '../compact.ts'
import type {Address, Family} from '../net/address.ts'
import {Counts} from './counts.ts'
import {GrowingScope} from './growing-scope.ts'
import type {SetEntry, SetName} from './ipset.ts'
import {listenFamily, type VirtualServerKey, type VirtualServerState} from './ipvs.ts'
import type {Scope, ServiceTables} from './node-state.ts'
import type {Listener, Owner, ServiceState, SetMember} from './service-state.ts'
import {formatSpan, type Span, spanKey, spanMembers} from './span.ts'
import {compareOwners, SpanIndex} from './span-index.ts'

/** What replacements touched. */
export interface Delta {
	/** Owners that may have won or lost a virtual server. */
	readonly owners: Set<string>
	/** Keys whose lot may be another; absent where nobody asks. */
	readonly scope?: GrowingScope
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
	readonly vips = new Counts<Address>()
	readonly members = new Map<SetName, Counts<SetEntry>>()
	readonly steered = new Counts<Family>()
	readonly #states = new Map<string, ServiceState>()
	/** The holder first. */
	readonly #claims = new Map<VirtualServerKey, OneOrMore<Claim>>()
	/** By owner: members that lead to another virtual server and are in effect. */
	readonly #leading = new Map<string, readonly SetMember[]>()
	readonly #spanIndex = new SpanIndex(this.#states)
	/** By owner: its spans that are in effect, by their keys. */
	readonly #spans = new Map<string, ReadonlyMap<string, Span>>()

	/** Puts `next` in place of what this owner asked for before; undefined takes it away. Adds to `touched`. */
	replace(ownerKey: string, next: ServiceState | undefined, touched: Delta): void {
		const previous = this.#states.get(ownerKey)
		next ? this.#states.set(ownerKey, next) : this.#states.delete(ownerKey)
		const delta = {...touched, owners: new Set([ownerKey])}
		for (const listener of next?.listeners ?? NONE) {
			this.#claim(listener.state.server.key, ownerKey, next && {owner: next.owner, listener}, delta)
		}
		const kept = previous && new Set(next?.listeners.map(({state}) => state.server.key))
		for (const {state} of previous?.listeners ?? NONE) {
			if (!kept?.has(state.server.key)) {
				this.#claim(state.server.key, ownerKey, undefined, delta)
			}
		}
		this.#countMembers(next?.members, 1, delta)
		this.#countMembers(previous?.members, -1, delta)
		for (const owner of this.#spanIndex.replace(ownerKey, previous, next)) {
			delta.owners.add(owner)
		}
		for (const owner of delta.owners) {
			this.#lead(owner, delta)
			this.#span(owner, delta)
			touched.owners.add(owner)
		}
	}

	/** All keys that these owners ask for. */
	scopeOf(owners: Iterable<string>): Scope {
		const scope = new GrowingScope()
		for (const owner of owners) {
			const state = this.#states.get(owner)
			for (const {state: server, vip, members, inside} of state?.listeners ?? NONE) {
				scope.virtualServers.add(server.server.key)
				if (vip !== undefined) {
					scope.vips.add(vip)
				}
				scope.addMembers(members)
				scope.addMembers(inside ? [inside.member] : NONE)
			}
			for (const span of state?.spans ?? NONE) {
				scope.vips.add(span.address)
				scope.addMembers(spanMembers(span))
			}
			scope.addMembers(state?.members ?? NONE)
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
			return NONE
		}
		const conflicts: Conflict[] = []
		for (const listener of state.listeners) {
			const server = listener.state.server.key
			const holder = this.holderOf(server)
			const other = holder === ownerKey ? this.#spanIndex.covererOf(state, listener) : holder
			if (other !== undefined) {
				conflicts.push({server, holder: other})
			}
		}
		for (const span of state.spans ?? NONE) {
			const holder = this.#spanIndex.blockerOf(state, span)
			if (holder !== undefined) {
				conflicts.push({server: formatSpan(span), holder})
			}
		}
		return conflicts
	}

	/** `namespace/name` of the Service that a virtual server belongs to. */
	holderOf(server: VirtualServerKey): string | undefined {
		return listOf(this.#claims.get(server))[0]?.owner.key
	}

	#claim(key: VirtualServerKey, ownerKey: string, claim: Claim | undefined, delta: Delta): void {
		const known = this.#claims.get(key)
		if (known === undefined && claim) {
			this.#claims.set(key, claim)
			this.#swap(key, undefined, claim.listener, delta)
			return
		}
		const before = listOf(known)
		const others = before.filter(({owner}) => owner.key !== ownerKey)
		const after = claim ? [...others, claim].sort((a, b) => compareOwners(a.owner, b.owner)) : others
		setList(this.#claims, key, after)
		for (const {owner} of [...before, ...after]) {
			delta.owners.add(owner.key)
		}
		this.#swap(key, before[0]?.listener, after[0]?.listener, delta)
	}

	/** Takes `before` out of effect and puts `after` into it. */
	#swap(key: VirtualServerKey, before: Listener | undefined, after: Listener | undefined, delta: Delta): void {
		if (before === after) {
			return
		}
		delta.scope?.virtualServers.add(key)
		after ? this.virtualServers.set(key, after.state) : this.virtualServers.delete(key)
		after && this.#countListener(after, 1, delta)
		before && this.#countListener(before, -1, delta)
	}

	#countListener({state, vip, steered, members}: Listener, step: 1 | -1, delta: Delta): void {
		if (vip !== undefined) {
			this.#countVip(vip, step, delta)
		}
		if (steered) {
			this.steered.count(listenFamily(state.server.listen), step)
		}
		this.#countMembers(members, step, delta)
	}

	/** Brings the members up to date that depend on two virtual servers. */
	#lead(ownerKey: string, delta: Delta): void {
		const holds = (server: VirtualServerKey) => this.holderOf(server) === ownerKey
		const after: SetMember[] = []
		for (const {state, inside} of this.#states.get(ownerKey)?.listeners ?? NONE) {
			if (inside && holds(state.server.key) && holds(inside.server)) {
				after.push(inside.member)
			}
		}
		this.#countMembers(after, 1, delta)
		this.#countMembers(this.#leading.get(ownerKey), -1, delta)
		after.length > 0 ? this.#leading.set(ownerKey, after) : this.#leading.delete(ownerKey)
	}

	/** The same for ports that lead to virtual servers of marks. */
	#span(ownerKey: string, delta: Delta): void {
		const state = this.#states.get(ownerKey)
		const before = this.#spans.get(ownerKey)
		if (!state?.spans && !before) {
			return
		}
		const after = new Map<string, Span>()
		for (const span of state?.spans ?? NONE) {
			if (state && this.holderOf(span.server) === ownerKey && !this.#spanIndex.blockerOf(state, span)) {
				after.set(spanKey(span), span)
			}
		}
		for (const [key, span] of after) {
			before?.has(key) || this.#countSpan(span, 1, delta)
		}
		for (const [key, span] of before ?? NONE) {
			after.has(key) || this.#countSpan(span, -1, delta)
		}
		after.size > 0 ? this.#spans.set(ownerKey, after) : this.#spans.delete(ownerKey)
	}

	#countSpan(span: Span, step: 1 | -1, delta: Delta): void {
		if (span.isBound) {
			this.#countVip(span.address, step, delta)
		}
		this.#countMembers(spanMembers(span), step, delta)
	}

	#countVip(vip: Address, step: 1 | -1, {scope}: Delta): void {
		this.vips.count(vip, step)
		scope?.vips.add(vip)
	}

	#countMembers(members: readonly SetMember[] = NONE, step: 1 | -1, {scope}: Delta): void {
		for (const {set, entry} of members) {
			getOrMake(this.members, set, () => new Counts()).count(entry, step)
		}
		scope?.addMembers(members)
	}
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
