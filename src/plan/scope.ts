import {GrowingScope} from '../state/growing-scope.ts'
import type {SetEntry, SetName} from '../state/ipset.ts'
import type {VirtualServerKey} from '../state/ipvs.ts'
import type {ActualState, Scope, WantedState} from '../state/node-state.ts'
import type {ReadonlyKeys} from '../state/readonly-keys.ts'
import {isOurs} from './ownership.ts'

/** Everything that is wanted, and everything of ours that is there. */
export const wholeScope = (wanted: WantedState, actual: ActualState): Scope => {
	const scope = new GrowingScope()
	const {virtualServers, vips, members} = wanted
	scope.addAll({virtualServers: new Set(virtualServers.keys()), vips: new Set(vips.keys()), members: keysOf(members)})
	scope.addAll(strayScope(wanted, actual))
	return scope
}

const keysOf = (members: WantedState['members']): Scope['members'] =>
	new Map([...members].map(([name, entries]) => [name, new Set(entries.keys())]))

/** What is there of ours and not wanted. */
export const strayScope = (wanted: WantedState, actual: ActualState): Scope => {
	const virtualServers = new Set<VirtualServerKey>()
	for (const [key, {server}] of actual.virtualServers) {
		if (!wanted.virtualServers.has(key) && isOurs(server, actual, wanted.fixed.claims, wanted)) {
			virtualServers.add(key)
		}
	}
	const members = new Map<SetName, ReadonlySet<SetEntry>>()
	for (const name of wanted.fixed.sets.keys()) {
		members.set(name, without(actual.sets.get(name)?.entries, wanted.members.get(name)))
	}
	return {virtualServers, vips: without(actual.bindings, wanted.vips), members}
}

const without = <Key>(all: ReadonlyKeys<Key> | undefined, others: ReadonlyKeys<Key> | undefined): ReadonlySet<Key> => {
	const rest = new Set<Key>()
	for (const key of all?.keys() ?? []) {
		if (!others?.has(key)) {
			rest.add(key)
		}
	}
	return rest
}
