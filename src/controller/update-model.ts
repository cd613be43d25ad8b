import type {ObjectKey} from '../model/object.ts'
import {MergedScope} from '../plan/scope.ts'
import type {VirtualServer} from '../state/ipvs.ts'
import type {Features} from './features.ts'
import type {NodeModel, Update} from './node-model.ts'

/** Takes changes in until nothing is asked for that this node lacks. */
export const updateModel = async (
	model: NodeModel,
	features: Features,
	actual: Parameters<NodeModel['update']>[0],
): Promise<Update> => {
	const updates = [model.update(actual)]
	for (let last = updates[0]; last && (await features.learn(serversOf(model, last.compiled))); ) {
		model.lacking = features.lacking
		last = model.update(actual)
		updates.push(last)
	}
	return merged(updates)
}

const serversOf = (model: NodeModel, compiled: Iterable<ObjectKey>): readonly VirtualServer[] =>
	[...compiled].flatMap(key => model.stateOf(key)?.listeners.map(({state}) => state.server) ?? [])

const merged = (updates: readonly Update[]): Update => {
	const scope = new MergedScope()
	for (const update of updates) {
		scope.add(update.scope)
	}
	return {
		scope,
		compiled: new Set(updates.flatMap(({compiled}) => [...compiled])),
		touched: new Set(updates.flatMap(({touched}) => [...touched])),
		context: updates.findLast(({context}) => context !== undefined)?.context,
	}
}
