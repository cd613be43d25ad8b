import type {Address} from '../net/address.ts'
import type {SetEntry, SetName} from './ipset.ts'
import type {VirtualServerKey} from './ipvs.ts'
import type {Scope} from './node-state.ts'
import type {SetMember} from './service-state.ts'

/** Grows key by key, and by other scopes. */
export class GrowingScope implements Scope {
	readonly virtualServers = new Set<VirtualServerKey>()
	readonly vips = new Set<Address>()
	readonly members = new Map<SetName, Set<SetEntry>>()

	addMembers(members: readonly SetMember[]): void {
		for (const {set, entry} of members) {
			this.#entriesOf(set).add(entry)
		}
	}

	addAll(scope: Scope): void {
		for (const key of scope.virtualServers) {
			this.virtualServers.add(key)
		}
		for (const vip of scope.vips) {
			this.vips.add(vip)
		}
		for (const [name, entries] of scope.members) {
			const known = this.#entriesOf(name)
			for (const entry of entries) {
				known.add(entry)
			}
		}
	}

	#entriesOf(name: SetName): Set<SetEntry> {
		const found = this.members.get(name) ?? new Set()
		this.members.set(name, found)
		return found
	}
}
