import type {SetDefinition} from '../state/ipset.ts'
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
		} else if (present.definition.type !== needed.type || present.definition.maxElements < needed.maxElements) {
			const entries = [...(wanted.members.get(name)?.keys() ?? [])]
			operations.push({kind: 'replace-set', definition: needed, entries})
		}
	}
	return operations
}

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

const planEntries = (
	definition: SetDefinition,
	entries: Iterable<string>,
	want: {has(entry: string): boolean} | undefined,
	have: ActualSet | undefined,
): readonly Operation[] => {
	const operations: Operation[] = []
	for (const entry of entries) {
		const isWanted = want?.has(entry) ?? false
		if (isWanted !== (have?.entries.has(entry) ?? false)) {
			operations.push({kind: isWanted ? 'add-set-entry' : 'delete-set-entry', definition, entry})
		}
	}
	return operations
}
