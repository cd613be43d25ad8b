import type {ObjectChange} from '../model/object.ts'
import type {Problem} from '../model/problem.ts'
import {entryId, type ManifestEntry} from './manifest-entry.ts'

/** The entries of all files as one set of objects. */
export interface MergedEntries {
	readonly objects: ReadonlyMap<string, {readonly change: ObjectChange; readonly fingerprint: string}>
	/** There is such an object, but it cannot be read. */
	readonly unreadable: ReadonlySet<string>
	readonly problems: readonly Problem[]
}

/** The first one wins where an object is there twice; each kind that is ignored is named once. */
export const mergeEntries = (entries: readonly ManifestEntry[]): MergedEntries => {
	const objects = new Map<string, Extract<ManifestEntry, {type: 'object'}>>()
	const unreadable = new Set<string>()
	const ignored = new Set<string>()
	const problems: Problem[] = []
	const addObject = (entry: Extract<ManifestEntry, {type: 'object'}>) => {
		const id = entryId(entry.change.kind, entry.change.key)
		const first = objects.get(id)
		if (first) {
			problems.push(duplicateProblem(entry, first.at))
		} else {
			objects.set(id, entry)
		}
	}
	for (const entry of entries) {
		switch (entry.type) {
			case 'object':
				addObject(entry)
				break
			case 'invalid':
				unreadable.add(entry.id)
				problems.push(entry.problem)
				break
			case 'ignored':
				if (!ignored.has(entry.id)) {
					ignored.add(entry.id)
					problems.push(entry.problem)
				}
				break
			default:
				throw entry satisfies never
		}
	}
	return {objects, unreadable, problems}
}

const duplicateProblem = ({change, at}: Extract<ManifestEntry, {type: 'object'}>, firstAt: string): Problem => {
	const [name = '', namespace = ''] = change.key.split('/').reverse()
	return {
		object: {kind: change.kind, namespace, name, uid: ''},
		field: 'metadata.name',
		reason: 'InvalidObject',
		message: `${at}: this object is in ${firstAt} already, which is used`,
	}
}
