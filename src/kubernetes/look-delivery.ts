import type {ObjectSink} from '../model/object.ts'
import {formatProblem, type Problem} from '../model/problem.ts'
import {goneChange} from './decode-change.ts'
import type {ManifestLook} from './manifest-folder.ts'
import {type MergedEntries, mergeEntries} from './merge-entries.ts'

export interface LookDelivery {
	/** Hands on what differs from the look before, problems included. */
	readonly deliver: (look: ManifestLook) => void
	/** A problem instead of a look changes no object. */
	readonly say: (problem: Problem) => void
}

export const createLookDelivery = (sink: ObjectSink): LookDelivery => {
	let delivered: MergedEntries['objects'] = new Map()
	let said: ReadonlySet<string> = new Set()
	const say = (problem: Problem) => {
		if (!said.has(formatProblem(problem))) {
			said = new Set([...said, formatProblem(problem)])
			sink.problem(problem)
		}
	}
	const deliver = (look: ManifestLook) => {
		const {objects, unreadable, problems} = mergeEntries(look.entries)
		const current = [...look.problems, ...problems]
		current.forEach(say)
		said = new Set(current.map(formatProblem))
		const next = new Map(objects)
		for (const [id, last] of delivered) {
			if (next.has(id)) {
				continue
			}
			if (unreadable.has(id)) {
				next.set(id, last)
			} else {
				sink.change(goneChange(last.change.kind, last.change.key))
			}
		}
		for (const [id, {change, fingerprint}] of next) {
			if (delivered.get(id)?.fingerprint !== fingerprint) {
				sink.change(change)
			}
		}
		delivered = next
	}
	return {deliver, say}
}
