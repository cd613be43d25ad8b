import {DEFAULT_CONFIG} from '../src/config/fields.ts'
import {NodeModel} from '../src/controller/node-model.ts'
import type {ObjectChange} from '../src/model/object.ts'
import type {Address} from '../src/net/address.ts'
import type {SetDefinition, SetEntry} from '../src/state/ipset.ts'
import type {VirtualServerState} from '../src/state/ipvs.ts'
import {MODERN_NODE} from '../src/state/node-facts.ts'

/** What a kernel holds for some objects, but for the rules and settings, whose number does not depend on them. */
export interface BenchState {
	readonly virtualServers: readonly VirtualServerState[]
	readonly vips: readonly Address[]
	/** Sets that have members. */
	readonly members: readonly SetMembers[]
}

export interface SetMembers {
	readonly definition: SetDefinition
	readonly entries: readonly SetEntry[]
}

/** What kube-lvs itself wants on this node under the default configuration, so that all that is compared is the same. */
export const benchState = (nodeName: string, changes: Iterable<ObjectChange>): BenchState => {
	const model = new NodeModel({...DEFAULT_CONFIG, nodeName}, MODERN_NODE)
	for (const change of changes) {
		model.change(change)
	}
	model.update({hostAddresses: new Set(), gateways: new Set()})
	const {virtualServers, vips, members, fixed} = model.wanted
	return {
		virtualServers: [...virtualServers.values()],
		vips: [...vips.keys()],
		members: [...members].flatMap(([name, entries]) => {
			const definition = fixed.sets.get(name)
			return definition && entries.size > 0 ? [{definition, entries: [...entries.keys()]}] : []
		}),
	}
}
