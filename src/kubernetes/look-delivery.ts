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
	let said: ReadonlyMap<string, Problem> = new Map()
	const say = (problem: Problem) => {
		const text = formatProblem(problem)
		if (!said.has(text)) {
			said = new Map([...said, [text, problem]])
			sink.problem(problem)
		}
	}
	const withdrawAllBut = (current: readonly Problem[]) => {
		const before = said
		said = new Map(current.map(problem => [formatProblem(problem), problem]))
		for (const [text, problem] of before) {
			if (!said.has(text)) {
				sink.solved(problem)
			}
		}
	}
	const deliver = (look: ManifestLook) => {
		const {objects, unreadable, problems} = mergeEntries(look.entries)
		const current = [...look.problems, ...problems]
		current.forEach(say)
		withdrawAllBut(current)
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
