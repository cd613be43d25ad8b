import {withKubeRouterAnnotations} from '../annotations/kube-router.ts'
import {joinLists, NONE} from '../compact.ts'
import type {Config} from '../config/fields.ts'
import {externalAddresses} from '../desired/addresses.ts'
import {lackingFeatures} from '../desired/features.ts'
import {fixedState, NO_NETWORKS} from '../desired/fixed.ts'
import {isSameContext, nodeContextOf} from '../desired/node-context.ts'
import {compileService, portContextsOf} from '../desired/service.ts'
import {explain} from '../explain/explain.ts'
import type {Explanation} from '../explain/explanation.ts'
import type {Sources} from '../explain/sources.ts'
import {Cluster} from '../model/cluster.ts'
import type {Feature, NodeContext} from '../model/node-context.ts'
import {type ObjectChange, type ObjectKey, objectKey} from '../model/object.ts'
import type {Problem} from '../model/problem.ts'
import type {Service} from '../model/service.ts'
import type {Address} from '../net/address.ts'
import type {SocketAddress} from '../net/socket-address.ts'
import type {Pending} from '../observe/metrics/readings.ts'
import type {GrowingScope} from '../state/growing-scope.ts'
import type {VirtualServerKey} from '../state/ipvs.ts'
import type {NodeFacts} from '../state/node-facts.ts'
import type {ActualState, FixedState, WantedState} from '../state/node-state.ts'
import {OwnerIndex} from '../state/owner-index.ts'
import type {ServiceState} from '../state/service-state.ts'
import {AddressClaims} from './address-claims.ts'
import {conflictProblem} from './conflict-problem.ts'
import {NodeWeights, problemsOfNode} from './node-weights.ts'
import {PendingChanges} from './pending-changes.ts'

/** What an update touched. */
export interface Update {
	readonly compiled: ReadonlySet<ObjectKey>
	/** Services, and perhaps this Node, whose problems may be others, because they or those they meet were compiled. */
	readonly touched: ReadonlySet<ObjectKey>
	/** Set when it is another. */
	readonly context: NodeContext | undefined
}

/** What others' annotations say is from here on as if ours said it. */
const understood = (change: ObjectChange, {compatibility}: Config): ObjectChange =>
	change.kind === 'Service' && change.object && compatibility.includes('kube-router')
		? {...change, object: withKubeRouterAnnotations(change.object)}
		: change

/** The Service of the API servers; its endpoints are where they answer. */
export const API_SERVICE = objectKey('default', 'kubernetes')

/**
 * From objects to the wanted state of this node. Only Services that changed are compiled, or all of them when the node
 * itself changed.
 */
export class NodeModel {
	readonly #config: Config
	readonly #facts: NodeFacts
	readonly #apiServers: readonly SocketAddress[]
	readonly #cluster: Cluster
	readonly #index = new OwnerIndex()
	readonly #claims = new AddressClaims()
	readonly #nodeWeights = new NodeWeights()
	/** Nodes whose annotations are others since the last update. */
	readonly #annotated = new Set<ObjectKey>()
	readonly #dirty = new Set<ObjectKey>()
	readonly #pending = new PendingChanges()
	/** By Service: what could not be served as asked. */
	readonly #problems = new Map<ObjectKey, readonly Problem[]>()
	/** Schedulers and persistence engines that this node's kernel is known to lack. */
	lacking: ReadonlySet<Feature> = new Set()
	#context: NodeContext | undefined
	#fixed: FixedState

	/** `apiServers` are those that we were told of, besides the endpoints of `default/kubernetes`. */
	constructor(config: Config, facts: NodeFacts, apiServers: readonly SocketAddress[] = []) {
		this.#config = config
		this.#apiServers = apiServers
		this.#facts = facts
		this.#cluster = new Cluster(config.nodeName)
		this.#fixed = fixedState(config, NO_NETWORKS, facts)
	}

	get wanted(): WantedState {
		const {virtualServers, vips, members, steered} = this.#index
		const {otherNodes: nodes = NOBODY, apiServers = []} = this.#context ?? {}
		return {virtualServers, vips, members, steered, fixed: this.#fixed, neighbours: {nodes, apiServers}}
	}

	get services(): ReadonlyMap<ObjectKey, Service> {
		return this.#cluster.services
	}

	/** Who asks for what. */
	get index(): Pick<OwnerIndex, 'owners' | 'scopeOf'> {
		return this.#index
	}

	/** Takes one change in; nothing is computed yet. The result tells whether anything is another that bears on Services. */
	change(change: ObjectChange): boolean {
		const before = this.#cluster.services.get(change.key)
		const {services, aspect, nodeAddresses, annotatedNode} = this.#cluster.apply(understood(change, this.#config))
		if (services.length > 0) {
			change.kind === 'Service' ? this.#pending.addService(change.key, before) : this.#pending.addSlice(change.key)
		}
		for (const key of services) {
			this.#dirty.add(key)
		}
		for (const address of nodeAddresses ?? []) {
			for (const key of this.#claims.claimantsOf(address)) {
				this.#dirty.add(key)
			}
		}
		if (aspect !== undefined) {
			const {node, serviceNetworks} = this.#cluster
			this.#fixed = fixedState(this.#config, {podCIDRs: node?.podCIDRs ?? [], serviceNetworks}, this.#facts)
		}
		if (annotatedNode !== undefined) {
			this.#annotated.add(annotatedNode)
		}
		return services.length > 0 || [aspect, nodeAddresses, annotatedNode].some(found => found !== undefined)
	}

	/**
	 * Computes what follows from all changes so far, on a node with these addresses and gateways. The scope, where one is
	 * given, comes to have the keys of the kernel's state that this touches.
	 */
	update({hostAddresses, gateways}: Pick<ActualState, 'hostAddresses' | 'gateways'>, scope?: GrowingScope): Update {
		const {node, otherNodeAddresses} = this.#cluster
		const annotated = [...this.#annotated]
		this.#annotated.clear()
		const reweighed = annotated.filter(name => this.#nodeWeights.replace(name, this.#cluster.nodeAnnotationsOf(name)))
		const context = nodeContextOf(this.#config, node, {
			families: this.#facts.families,
			ownAddresses: hostAddresses,
			gateways,
			otherNodes: otherNodeAddresses,
			apiServers: this.#findApiServers(),
			lacking: new Set([...lackingFeatures(this.#facts), ...this.lacking]),
			nodeWeights: this.#nodeWeights.all,
		})
		const isSame = this.#context !== undefined && isSameContext(this.#context, context)
		this.#context = context
		const all = isSame ? [] : this.#cluster.services.keys()
		const compiled = new Set([...all, ...this.#dirty, ...this.#cluster.servicesOn(new Set(reweighed))])
		this.#dirty.clear()
		this.#pending.clear()
		const touched = new Set(annotated.filter(name => name === this.#config.nodeName))
		const delta = {owners: touched, ...(scope && {scope})}
		for (const key of compiled) {
			this.#index.replace(key, this.#compile(key, context), delta)
		}
		return {compiled, touched, context: isSame ? undefined : context}
	}

	/** What the next update will take in. */
	pending(): Pending {
		return this.#pending.count(this.#cluster.services)
	}

	/** What could not be served as asked, of one Service or of this Node; empty when it is gone. */
	problemsOf(key: ObjectKey): readonly Problem[] {
		if (key === this.#config.nodeName) {
			return problemsOfNode(key, this.#cluster.nodeAnnotationsOf(key))
		}
		const service = this.#cluster.services.get(key)
		if (!service) {
			return []
		}
		const conflicts = this.#index
			.conflictsOf(key)
			.map(conflict => conflictProblem(service, conflict, this.#isOwn(conflict.server)))
		const ofSlices = this.#cluster.slicesOf(key).map(slice => slice.problems)
		return joinLists([service.problems, ...ofSlices, this.#problems.get(key) ?? NONE, conflicts])
	}

	/** What a Service asks for; undefined when it is not served. */
	stateOf(key: ObjectKey): ServiceState | undefined {
		return this.#index.stateOf(key)
	}

	/** `namespace/name` of the Service that holds each virtual server. */
	owners(): ReadonlyMap<string, ObjectKey> {
		return new Map([...this.#index.virtualServers.keys()].map(key => [key, this.#index.holderOf(key) ?? '']))
	}

	/** `namespace/name` of the Service that holds a virtual server. */
	holderOf(server: VirtualServerKey): ObjectKey | undefined {
		return this.#index.holderOf(server)
	}

	/** What became of a Service, and why; undefined where there is none of this name. Throws before the first update. */
	explain(key: ObjectKey, known: Pick<Sources, 'actual' | 'drainOf' | 'now'>): Explanation | undefined {
		if (!this.#context) {
			throw new Error('not all objects have been listed yet')
		}
		const service = this.#cluster.services.get(key)
		if (!service) {
			return undefined
		}
		const {ports} = portContextsOf(service, this.#cluster.slicesOf(key), this.#context, this.#config)
		const state = this.#index.stateOf(key)
		const conflicts = this.#index.conflictsOf(key)
		const shown = state ? ports : []
		return explain({
			...known,
			service,
			config: this.#config,
			node: this.#context,
			state,
			ports: shown,
			conflicts,
			problems: this.problemsOf(key),
		})
	}

	#compile(key: ObjectKey, context: NodeContext): ServiceState | undefined {
		const service = this.#cluster.services.get(key)
		this.#claims.replace(key, service ? externalAddresses(service, this.#config).map(({address}) => address) : NONE)
		const compiled = service && compileService(service, this.#cluster.slicesOf(key), context, this.#config)
		compiled?.problems.length ? this.#problems.set(key, compiled.problems) : this.#problems.delete(key)
		return compiled?.state
	}

	/** Other nodes leave an address of this node to it, and so do not meet there. */
	#isOwn(server: VirtualServerKey): boolean {
		const listen = this.#index.virtualServers.get(server)?.server.listen
		return listen?.kind === 'address' && (this.#context?.ownAddresses.has(listen.address) ?? false)
	}

	#findApiServers(): readonly SocketAddress[] {
		const slices = [...this.#cluster.slicesOf(API_SERVICE)]
		const known = slices.flatMap(({ports, endpoints}) =>
			endpoints.flatMap(({address}) => ports.map(({port}) => ({address, port}))),
		)
		return [...this.#apiServers, ...known]
	}
}

const NOBODY: ReadonlySet<Address> = new Set()
