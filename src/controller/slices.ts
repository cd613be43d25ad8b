import type {Service} from '../model/service.ts'
import {isServedByOthers} from '../plan/leftovers.ts'
import {strayScope} from '../plan/scope.ts'
import {GrowingScope} from '../state/growing-scope.ts'
import type {ActualState, Scope} from '../state/node-state.ts'
import {API_SERVICE, type NodeModel} from './node-model.ts'

/** Services that are planned and applied together: some milliseconds of work, and some hundred kilobytes. */
const SLICE = 250

type Sliced = Pick<NodeModel, 'index' | 'services' | 'wanted'>

/**
 * Everything, in parts: what some Services ask for, then the next ones, and at last what is there of ours and not
 * wanted. Each part is looked up when its turn comes: what has changed meanwhile is in there as it is then. At first,
 * unless others still serve, that without which a cluster does not even start comes before.
 */
export function* slicesOf(
	model: Sliced,
	actual: ActualState,
	{isFirst}: {readonly isFirst: boolean},
): Generator<Scope> {
	if (isFirst && !isServedByOthers(actual)) {
		yield firstSlice(model)
	}
	const owners = [...model.index.owners()]
	for (let at = 0; at + SLICE <= owners.length; at += SLICE) {
		yield model.index.scopeOf(owners.slice(at, at + SLICE))
	}
	const last = new GrowingScope()
	last.addAll(model.index.scopeOf(owners.slice(owners.length - (owners.length % SLICE))))
	last.addAll(strayScope(model.wanted, actual))
	yield last
}

/** The API servers' Service and DNS. */
const firstSlice = ({index, services}: Sliced): Scope =>
	index.scopeOf([...services].flatMap(([key, service]) => (key === API_SERVICE || isDNS(service) ? [key] : [])))

/** By what all installers have in common. */
const isDNS = ({namespace, ports}: Service): boolean =>
	namespace === 'kube-system' && ports.some(({port}) => port === 53)
