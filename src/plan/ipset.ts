import {elementOf, type PresentSet, type SetDefinition, type SetEntry} from '../state/ipset.ts'
import type {ActualSet, ActualState, Scope, WantedState} from '../state/node-state.ts'
import type {Operation} from './operation.ts'

/** Sets that are missing or cannot hold what they should. */
export const planSets = (wanted: WantedState, actual: ActualState): readonly Operation[] => {
	const operations: Operation[] = []
	for (const [name, definition] of wanted.fixed.sets) {
		const needed = grown(definition, wanted.members.get(name)?.size ?? 0)
		const present = actual.sets.get(name)
		if (!present) {
			operations.push({kind: 'create-set', definition: needed})
		} else if (!canHold(present.definition, needed)) {
			const entries = [...(wanted.members.get(name)?.keys() ?? [])]
			const isAlike = present.definition.type === needed.type && present.definition.family === needed.family
			operations.push({
				...{kind: 'replace-set', definition: needed, entries},
				...(!isAlike && {unlike: present.definition}),
			})
		}
	}
	return operations
}

const canHold = (present: PresentSet, needed: SetDefinition): boolean =>
	present.type === needed.type &&
	present.family === needed.family &&
	present.hasMarks === needed.hasMarks &&
	present.maxElements >= needed.maxElements

/** Doubles until the members fit, so that a growing set is replaced rarely. */
const grown = (definition: SetDefinition, members: number): SetDefinition => {
	let {maxElements} = definition
	while (definition.type !== 'bitmap:port' && maxElements < members) {
		maxElements *= 2
	}
	return {...definition, maxElements}
}

/** Members of these sets to add and to delete; a set that is replaced (by `sets`) gets its members with that. */
export const planMembers = (
	scope: Scope['members'],
	wanted: WantedState,
	actual: ActualState,
	sets: readonly Operation[],
): readonly Operation[] => {
	const replaced = new Set(sets.flatMap(op => (op.kind === 'replace-set' ? [op.definition.name] : [])))
	return [...scope].flatMap(([name, entries]) => {
		const definition = wanted.fixed.sets.get(name)
		return definition && !replaced.has(name)
			? planEntries(definition, entries, wanted.members.get(name), actual.sets.get(name))
			: []
	})
}

/** An element that is there with another mark is only added: to delete it would take the new mark along. */
const planEntries = (
	definition: SetDefinition,
	entries: Iterable<SetEntry>,
	want: {has(entry: SetEntry): boolean} | undefined,
	have: ActualSet | undefined,
): readonly Operation[] => {
	const added: SetEntry[] = []
	const deleted = new Map<string, SetEntry>()
	for (const entry of entries) {
		const isWanted = want?.has(entry) ?? false
		if (isWanted !== (have?.entries.has(entry) ?? false)) {
			isWanted ? added.push(entry) : deleted.set(elementOf(entry), entry)
		}
	}
	const marked = definition.hasMarks && added.length > 0 ? byElement(have?.entries ?? []) : undefined
	const adds = added.map((entry): Operation => {
		const replaces = marked?.get(elementOf(entry))
		deleted.delete(elementOf(entry))
		return {kind: 'add-set-entry', definition, entry, ...(replaces !== undefined && {replaces})}
	})
	return [...adds, ...[...deleted.values()].map((entry): Operation => ({kind: 'delete-set-entry', definition, entry}))]
}

const byElement = (entries: Iterable<SetEntry>): ReadonlyMap<string, SetEntry> =>
	new Map([...entries].map(entry => [elementOf(entry), entry]))
