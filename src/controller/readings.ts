import type {Config} from '../config/fields.ts'
import {lackingFeatures} from '../desired/features.ts'
import type {Kernel} from '../kernel/kernel.ts'
import type {ObjectKey} from '../model/object.ts'
import type {Readings} from '../observe/metrics/readings.ts'
import type {Mirror} from '../plan/mirror.ts'
import {isOurs} from '../plan/ownership.ts'
import {SET_DEFINITIONS} from '../state/ipset.ts'
import type {VirtualServer, VirtualServerKey} from '../state/ipvs.ts'
import type {NodeFacts} from '../state/node-facts.ts'
import type {Drains} from './drains.ts'
import type {Features} from './features.ts'
import type {NodeModel} from './node-model.ts'

/** What is looked at. */
interface Looked {
	readonly model: Pick<NodeModel, 'pending' | 'services' | 'wanted' | 'holderOf'>
	/** Undefined before the first sync. */
	readonly mirror: Mirror | undefined
	readonly drains: Pick<Drains, 'count'>
	readonly features: Features
	readonly kernel: Pick<Kernel, 'facts'>
	readonly config: Config
}

export interface ControllerReadings
	extends Pick<Readings, 'pending' | 'services' | 'draining' | 'sets' | 'virtualServers' | 'features'> {
	/** `namespace/name` of the Service that a virtual server is for. */
	readonly serviceOf: (server: VirtualServerKey) => ObjectKey | undefined
}

/** Nothing is computed before it is asked for; then some of it looks at every virtual server. */
export const readingsOf = ({model, mirror, drains, features, kernel, config}: Looked): ControllerReadings => ({
	pending: () => model.pending(),
	services: () => model.services.size,
	serviceOf: server => model.holderOf(server),
	draining: () => drains.count,
	sets: () => readSets(mirror),
	virtualServers: () => countServers(model, mirror),
	features: () => [...knownFeatures(kernel.facts), [`scheduler ${config.scheduler}`, true], ...triedFeatures(features)],
})

function* readSets(mirror: Mirror | undefined): ReturnType<Readings['sets']> {
	for (const {definition, entries} of mirror?.sets.values() ?? []) {
		const {name, maxElements} = definition
		if (SET_DEFINITIONS.has(name)) {
			yield {name, members: entries.size, maxElements}
		}
	}
}

/** What is wanted is ours. */
const countServers = ({wanted}: Pick<NodeModel, 'wanted'>, mirror: Mirror | undefined) => {
	const isForeign = (server: VirtualServer) =>
		mirror !== undefined &&
		!wanted.virtualServers.has(server.key) &&
		!isOurs(server, mirror, wanted.fixed.claims, wanted)
	let foreign = 0
	for (const {server} of mirror?.virtualServers.values() ?? []) {
		foreign += isForeign(server) ? 1 : 0
	}
	return {ours: (mirror?.virtualServers.size ?? 0) - foreign, foreign}
}

/** A kernel of which nothing is known lacks them all. */
const knownFeatures = (facts: NodeFacts): readonly (readonly [string, boolean])[] => {
	const lacking = new Set(lackingFeatures(facts))
	return lackingFeatures({kernelVersion: undefined, hasPolicyRules: false}).map(feature => [
		feature,
		!lacking.has(feature),
	])
}

const triedFeatures = (features: Features): readonly (readonly [string, boolean])[] =>
	[...features.tried()].map(([feature, isLacking]) => [feature, !isLacking])
