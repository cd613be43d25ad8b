import type {Config} from '../config/fields.ts'
import {fixedState} from '../desired/fixed.ts'
import {isSameContext, nodeContextOf} from '../desired/node-context.ts'
import {compileService} from '../desired/service.ts'
import {unsupportedIn} from '../desired/unsupported.ts'
import {Cluster} from '../model/cluster.ts'
import type {NodeContext} from '../model/node-context.ts'
import type {ObjectChange, ObjectKey} from '../model/object.ts'
import type {Problem} from '../model/problem.ts'
import type {Address} from '../net/address.ts'
import {MergedScope} from '../plan/scope.ts'
import type {NodeFacts} from '../state/node-facts.ts'
import type {FixedState, WantedState} from '../state/node-state.ts'
import {type Conflict, OwnerIndex} from '../state/owner-index.ts'

/** What an update touched: keys of the kernel's state, and Services whose problems may have changed. */
export interface Update {
	readonly scope: MergedScope
	readonly services: ReadonlySet<ObjectKey>
}

/**
 * From objects to the wanted state of this node. Only Services that changed are compiled, or all of them when the node
 * itself changed.
 */
export class NodeModel {
	readonly #config: Config
	readonly #facts: NodeFacts
	readonly #cluster: Cluster
	readonly #index = new OwnerIndex()
	readonly #dirty = new Set<ObjectKey>()
	#context: NodeContext | undefined
	#fixed: FixedState

	constructor(config: Config, facts: NodeFacts) {
		this.#config = config
		this.#facts = facts
		this.#cluster = new Cluster(config.nodeName)
		this.#fixed = fixedState(config, [], facts)
	}

	get wanted(): WantedState {
		const {virtualServers, vips, members} = this.#index
		return {virtualServers, vips, members, fixed: this.#fixed}
	}

	get serviceCount(): number {
		return this.#cluster.services.size
	}

	/** Takes one change in; nothing is computed yet. False where it changes nothing that is read. */
	change(change: ObjectChange): boolean {
		const {services, aspect} = this.#cluster.apply(change)
		for (const key of services) {
			this.#dirty.add(key)
		}
		if (aspect === 'node') {
			this.#fixed = fixedState(this.#config, this.#cluster.node?.podCIDRs ?? [], this.#facts)
		}
		return services.length > 0 || aspect !== undefined
	}

	/** Computes what follows from all changes so far, on a node with these addresses. */
	update(hostAddresses: ReadonlySet<Address>): Update {
		const context = nodeContextOf(this.#config, this.#cluster.node, this.#facts.families, hostAddresses)
		const isSame = this.#context !== undefined && isSameContext(this.#context, context)
		this.#context = context
		const keys = isSame ? [...this.#dirty] : [...this.#cluster.services.keys(), ...this.#dirty]
		this.#dirty.clear()
		const scope = new MergedScope()
		const services = new Set<ObjectKey>()
		for (const key of new Set(keys)) {
			const service = this.#cluster.services.get(key)
			const state = service && compileService(service, this.#cluster.slicesOf(key), context, this.#config)
			const delta = this.#index.replace(key, state)
			scope.add(delta)
			for (const owner of delta.owners) {
				services.add(owner)
			}
		}
		return {scope, services}
	}

	/** What could not be served as asked, of one Service; empty when it is gone. */
	problemsOf(key: ObjectKey): readonly Problem[] {
		const service = this.#cluster.services.get(key)
		if (!service) {
			return []
		}
		const {namespace, name, uid} = service
		const conflicts = this.#index.conflictsOf(key).map(
			({server, holder}: Conflict): Problem => ({
				object: {kind: 'Service', namespace, name, uid},
				field: 'spec.ports',
				reason: 'AddressInUse',
				message: `${server} is served for the older Service ${holder}`,
			}),
		)
		const slices = [...this.#cluster.slicesOf(key)].flatMap(slice => slice.problems)
		return [...service.problems, ...slices, ...unsupportedIn(service), ...conflicts]
	}

	/** `namespace/name` of the Service that holds each virtual server. */
	owners(): ReadonlyMap<string, ObjectKey> {
		return new Map([...this.#index.virtualServers.keys()].map(key => [key, this.#index.holderOf(key) ?? '']))
	}
}
