import type {Address} from '../net/address.ts'
import type {SetEntry, SetName} from '../state/ipset.ts'
import type {VirtualServerKey} from '../state/ipvs.ts'
import type {ActualState, ReadonlyKeys, Scope, WantedState} from '../state/node-state.ts'
import {isOurs} from './ownership.ts'

/** Everything that is wanted, and everything of ours that is there. */
export const wholeScope = (wanted: WantedState, actual: ActualState): Scope => {
	const virtualServers = new Set<VirtualServerKey>(wanted.virtualServers.keys())
	for (const [key, {server}] of actual.virtualServers) {
		if (isOurs(server, actual, wanted.fixed.claims, wanted)) {
			virtualServers.add(key)
		}
	}
	const members = new Map<SetName, ReadonlySet<SetEntry>>()
	for (const name of wanted.fixed.sets.keys()) {
		members.set(name, union(wanted.members.get(name), actual.sets.get(name)?.entries))
	}
	return {virtualServers, vips: union(wanted.vips, new Set<Address>(actual.bindings.keys())), members}
}

const union = <Key>(a: ReadonlyKeys<Key> | undefined, b: ReadonlyKeys<Key> | undefined): ReadonlySet<Key> =>
	new Set([...(a?.keys() ?? []), ...(b?.keys() ?? [])])

/** Grows by other scopes. */
export class MergedScope implements Scope {
	readonly virtualServers = new Set<VirtualServerKey>()
	readonly vips = new Set<Address>()
	readonly members = new Map<SetName, Set<SetEntry>>()

	add(scope: Scope): void {
		for (const key of scope.virtualServers) {
			this.virtualServers.add(key)
		}
		for (const vip of scope.vips) {
			this.vips.add(vip)
		}
		for (const [name, entries] of scope.members) {
			const known = this.members.get(name) ?? new Set<SetEntry>()
			this.members.set(name, known)
			for (const entry of entries) {
				known.add(entry)
			}
		}
	}
}
