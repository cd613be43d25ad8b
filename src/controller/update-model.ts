import type {ObjectKey} from '../model/object.ts'
import type {Observer} from '../observe/observer.ts'
import type {GrowingScope} from '../state/growing-scope.ts'
import type {VirtualServer} from '../state/ipvs.ts'
import type {ActualState} from '../state/node-state.ts'
import type {Features} from './features.ts'
import type {NodeModel, Update} from './node-model.ts'

/** Takes changes in until nothing is asked for that this node lacks. The scope, where one is given, gets what is touched. */
export const updateModel = async (
	model: NodeModel,
	features: Features,
	actual: Pick<ActualState, 'hostAddresses' | 'gateways' | 'virtualServers'>,
	scope?: GrowingScope,
): Promise<Update> => {
	const updates = [model.update(actual, scope)]
	const isLacking = ({compiled}: Update) => features.learn(serversOf(model, compiled), actual.virtualServers)
	for (let last = updates[0]; last && (await isLacking(last)); ) {
		model.lacking = features.lacking
		last = model.update(actual, scope)
		updates.push(last)
	}
	return merged(updates)
}

function* serversOf(model: NodeModel, compiled: Iterable<ObjectKey>): Generator<VirtualServer> {
	for (const key of compiled) {
		for (const {state} of model.stateOf(key)?.listeners ?? []) {
			yield state.server
		}
	}
}

const merged = (updates: readonly Update[]): Update => {
	const [only] = updates
	if (only && updates.length === 1) {
		return only
	}
	return {
		compiled: new Set(updates.flatMap(({compiled}) => [...compiled])),
		touched: new Set(updates.flatMap(({touched}) => [...touched])),
		context: updates.findLast(({context}) => context !== undefined)?.context,
	}
}

/** What of it others look at. */
export const tellOf = ({compiled, touched, context}: Update, model: NodeModel, observer: Observer): void => {
	if (context) {
		observer.located(context)
	}
	for (const service of compiled) {
		observer.compiled(service, model.stateOf(service))
	}
	for (const service of touched) {
		observer.problems(service, model.problemsOf(service))
	}
}
