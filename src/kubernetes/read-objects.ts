import type {Clock} from '../clock.ts'
import type {ObjectChange} from '../model/object.ts'
import type {Problem} from '../model/problem.ts'
import {ManifestFolder} from './manifest-folder.ts'
import {mergeEntries} from './merge-entries.ts'

export interface ObjectsRead {
	readonly changes: readonly ObjectChange[]
	readonly problems: readonly Problem[]
}

/** The objects of a folder or file as the standalone source would deliver them first; rejects when there is none. */
export const readObjects = async (path: string, nodeName?: string): Promise<ObjectsRead> => {
	const look = await new ManifestFolder({path, nodeName, clock: TIMELESS}).look(false)
	const {objects, problems} = mergeEntries(look.entries)
	return {changes: [...objects.values()].map(({change}) => change), problems: [...look.problems, ...problems]}
}

/** One look asks for no time. */
const TIMELESS: Clock = {now: () => 0, after: () => () => {}}
