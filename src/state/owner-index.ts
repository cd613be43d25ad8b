import type {Address, Family} from '../net/address.ts'
import type {SetEntry, SetName} from './ipset.ts'
import {listenFamily, type VirtualServerKey, type VirtualServerState} from './ipvs.ts'
import type {Scope, ServiceTables} from './node-state.ts'
import type {Listener, Owner, ServiceState, SetMember} from './service-state.ts'

/** What replacing one ServiceState touched. */
export interface Delta extends Scope {
	/** Owners that may have won or lost a virtual server. */
	readonly owners: ReadonlySet<string>
}

/** A virtual server that an owner asks for and another one holds. */
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
 * 4. The result depends on the present ServiceStates alone, never on the order in which they came.
 */
export class OwnerIndex implements ServiceTables {
	readonly virtualServers = new Map<VirtualServerKey, VirtualServerState>()
	readonly vips = new Map<Address, number>()
	readonly members = new Map<SetName, Map<SetEntry, number>>()
	readonly steered = new Map<Family, number>()
	readonly #states = new Map<string, ServiceState>()
	readonly #claims = new Map<VirtualServerKey, Claim[]>()
	/** By owner: members that lead to another virtual server and are in effect. */
	readonly #leading = new Map<string, readonly SetMember[]>()

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
			this.#retain(member, delta)
		}
		for (const member of previous?.members ?? []) {
			this.#release(member, delta)
		}
		next ? this.#states.set(ownerKey, next) : this.#states.delete(ownerKey)
		for (const owner of delta.owners) {
			this.#lead(owner, delta)
		}
		return delta
	}

	/** All keys that this owner asks for. */
	scopeOf(ownerKey: string): Scope {
		const state = this.#states.get(ownerKey)
		const scope = new MutableDelta()
		for (const {state: server, vip, members, inside} of state?.listeners ?? []) {
			scope.virtualServers.add(server.server.key)
			if (vip !== undefined) {
				scope.vips.add(vip)
			}
			addMembers(scope.members, inside ? [...members, inside.member] : members)
		}
		addMembers(scope.members, state?.members ?? [])
		return scope
	}

	/** The latest state of an owner. */
	stateOf(ownerKey: string): ServiceState | undefined {
		return this.#states.get(ownerKey)
	}

	/** What this owner asks for in vain. */
	conflictsOf(ownerKey: string): readonly Conflict[] {
		return [...listenerKeys(this.#states.get(ownerKey))].flatMap(server => {
			const holder = this.holderOf(server)
			return holder && holder !== ownerKey ? [{server, holder}] : []
		})
	}

	/** `namespace/name` of the Service that a virtual server belongs to. */
	holderOf(server: VirtualServerKey): string | undefined {
		return this.#claims.get(server)?.[0]?.owner.key
	}

	#claim(key: VirtualServerKey, ownerKey: string, claim: Claim | undefined, delta: MutableDelta): void {
		const before = this.#claims.get(key) ?? []
		const after = before.filter(({owner}) => owner.key !== ownerKey)
		if (claim) {
			after.push(claim)
			after.sort((a, b) => compareOwners(a.owner, b.owner))
		}
		after.length > 0 ? this.#claims.set(key, after) : this.#claims.delete(key)
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
				step === 1 ? this.#retain(member, delta) : this.#release(member, delta)
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
			this.#retain(member, delta)
		}
		for (const member of before) {
			this.#release(member, delta)
		}
		after.length > 0 ? this.#leading.set(ownerKey, after) : this.#leading.delete(ownerKey)
	}

	#retain({set, entry}: SetMember, delta: MutableDelta): void {
		count(
			getOrMake(this.members, set, () => new Map()),
			entry,
			1,
		)
		getOrMake(delta.members, set, () => new Set()).add(entry)
	}

	#release({set, entry}: SetMember, delta: MutableDelta): void {
		count(
			getOrMake(this.members, set, () => new Map()),
			entry,
			-1,
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

const compareOwners = (a: Owner, b: Owner): number =>
	a.createdAt - b.createdAt || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)

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
