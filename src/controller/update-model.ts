import type {ObjectKey} from '../model/object.ts'
import {MergedScope} from '../plan/scope.ts'
import type {VirtualServer} from '../state/ipvs.ts'
import type {ActualState} from '../state/node-state.ts'
import type {Features} from './features.ts'
import type {NodeModel, Update} from './node-model.ts'

/** Takes changes in until nothing is asked for that this node lacks. */
export const updateModel = async (
	model: NodeModel,
	features: Features,
	actual: Pick<ActualState, 'hostAddresses' | 'gateways' | 'virtualServers'>,
): Promise<Update> => {
	const updates = [model.update(actual)]
	const isLacking = ({compiled}: Update) => features.learn(serversOf(model, compiled), actual.virtualServers)
	for (let last = updates[0]; last && (await isLacking(last)); ) {
		model.lacking = features.lacking
		last = model.update(actual)
		updates.push(last)
	}
	return merged(updates)
}

const serversOf = (model: NodeModel, compiled: Iterable<ObjectKey>): readonly VirtualServer[] =>
	[...compiled].flatMap(key => model.stateOf(key)?.listeners.map(({state}) => state.server) ?? [])

const merged = (updates: readonly Update[]): Update => {
	const [only] = updates
	if (only && updates.length === 1) {
		return only
	}
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
