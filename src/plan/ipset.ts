import {elementOf, type PresentSet, type SetDefinition, type SetEntry} from '../state/ipset.ts'
import type {ActualSet, ActualState, Scope, WantedState} from '../state/node-state.ts'
import type {Operation} from './operation.ts'
import {indexed} from './set-entries.ts'

/** Sets that are missing or cannot hold what they should. */
export const planSets = (wanted: WantedState, actual: ActualState): readonly Operation[] => {
	const operations: Operation[] = []
	for (const [name, definition] of wanted.fixed.sets) {
		const members = wanted.members.get(name)?.size ?? 0
		const needed = grown(definition, members)
		const present = actual.sets.get(name)
		if (!present) {
			operations.push({kind: 'create-set', definition: needed, ...(members > MANY && {members})})
		} else if (!canHold(present.definition, needed)) {
			operations.push(planReplacement(definition, present, [...(wanted.members.get(name)?.keys() ?? [])]))
		}
	}
	return operations
}

/** More members than a new set has room for without moving them, by default. */
const MANY = 2048

/** With the members that it has: whether those that are not wanted may go is another question. */
const planReplacement = (
	definition: SetDefinition,
	present: ActualSet,
	wanted: readonly SetEntry[],
): Extract<Operation, {readonly kind: 'replace-set'}> => {
	const {type, family, hasMarks} = present.definition
	if (type !== definition.type || family !== definition.family) {
		const needed = grown(definition, wanted.length)
		return {kind: 'replace-set', definition: needed, entries: wanted, unlike: present.definition}
	}
	const elements = new Set(wanted.map(elementOf))
	const others = hasMarks === definition.hasMarks ? present.entries : new Set<SetEntry>()
	const entries = [...[...others].filter(entry => !elements.has(elementOf(entry))), ...wanted]
	return {kind: 'replace-set', definition: grown(definition, entries.length), entries}
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

/** Members of these sets to add and to delete; a set that is replaced (by `sets`) gets those to add with that. */
export const planMembers = (
	scope: Scope['members'],
	wanted: WantedState,
	actual: ActualState,
	sets: readonly Operation[],
): readonly Operation[] => {
	const replaced = new Map(
		sets.flatMap(op => (op.kind === 'replace-set' ? [[op.definition.name, new Set(op.entries)] as const] : [])),
	)
	return [...scope].flatMap(([name, entries]) => {
		const definition = wanted.fixed.sets.get(name)
		const have = replaced.get(name) ?? actual.sets.get(name)?.entries
		return definition ? planEntries(definition, entries, wanted.members.get(name), have) : []
	})
}

/** An element that is there with another mark is only added: to delete it would take the new mark along. */
const planEntries = (
	definition: SetDefinition,
	entries: Iterable<SetEntry>,
	want: {has(entry: SetEntry): boolean} | undefined,
	have: ReadonlySet<SetEntry> | undefined,
): readonly Operation[] => {
	const added: SetEntry[] = []
	const deleted = new Map<string, SetEntry>()
	for (const entry of entries) {
		const isWanted = want?.has(entry) ?? false
		if (isWanted !== (have?.has(entry) ?? false)) {
			isWanted ? added.push(entry) : deleted.set(elementOf(entry), entry)
		}
	}
	const marked = definition.hasMarks && added.length > 0 ? indexed(have ?? []) : undefined
	const adds = added.map((entry): Operation => {
		const [replaces] = marked?.at(elementOf(entry)) ?? []
		deleted.delete(elementOf(entry))
		return {kind: 'add-set-entry', definition, entry, ...(replaces !== undefined && {replaces})}
	})
	return [...adds, ...[...deleted.values()].map((entry): Operation => ({kind: 'delete-set-entry', definition, entry}))]
}
