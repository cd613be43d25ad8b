import type {Config} from '../config/fields.ts'
import {NodeModel} from '../controller/node-model.ts'
import type {Kernel} from '../kernel/kernel.ts'
import {OBJECT_KINDS, type ObjectSource} from '../model/object.ts'
import {formatProblem} from '../model/problem.ts'

/** Reads every object once. */
export const collectObjects = async (source: ObjectSource, config: Config, kernel: Kernel): Promise<NodeModel> => {
	const model = new NodeModel(config, kernel.facts)
	const done = new AbortController()
	const unlisted = new Set<string>(OBJECT_KINDS)
	await source.run(
		{
			change: change => void model.change(change),
			problem: problem => process.stderr.write(`${formatProblem(problem)}\n`),
			solved: () => undefined,
			synced: kind => {
				unlisted.delete(kind)
				if (unlisted.size === 0) {
					done.abort()
				}
			},
		},
		done.signal,
	)
	return model
}
