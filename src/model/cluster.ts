import {listOf, type OneOrMore, setList} from '../compact.ts'
import type {Address} from '../net/address.ts'
import {formatPrefix, type Prefix} from '../net/prefix.ts'
import type {EndpointSlice} from './endpoint-slice.ts'
import {isSame} from './is-same.ts'
import type {Node} from './node.ts'
import {NodeAddresses} from './node-addresses.ts'
import {type ObjectChange, type ObjectKey, objectKey} from './object.ts'
import type {Service} from './service.ts'
import type {ServiceCIDR} from './service-cidr.ts'

/** What is another after a change; nothing at all where the change is in fields that are not read. */
export interface Touched {
	/** Services whose own fields or slices are others; existing or not. */
	readonly services: readonly ObjectKey[]
	/** The property of `Cluster` that is another, and bears on more than one Service. */
	readonly aspect?: 'node' | 'serviceNetworks'
	/** Those that came to `otherNodeAddresses` or went: they bear on the Services that claim one of them. */
	readonly nodeAddresses?: readonly Address[]
	/** The Node whose annotations are others, which bear on the Services that have endpoints there. */
	readonly annotatedNode?: ObjectKey
}

const NOTHING: Touched = {services: []}
const NO_ANNOTATIONS: Node['annotations'] = new Map()

/** The latest state of all objects, and which slices belong to which Service. */
export class Cluster {
	readonly services = new Map<ObjectKey, Service>()
	readonly #nodeName: string
	readonly #slices = new Map<ObjectKey, EndpointSlice>()
	readonly #slicesOfService = new Map<ObjectKey, OneOrMore<EndpointSlice>>()
	readonly #otherNodes = new NodeAddresses()
	readonly #nodeAnnotations = new Map<ObjectKey, Node['annotations']>()
	readonly #serviceCIDRs = new Map<ObjectKey, ServiceCIDR>()
	#node: Node | undefined
	#serviceNetworks: readonly Prefix[] = []

	/** `nodeName` is the name of this node; an empty one is no Node's. */
	constructor(nodeName: string) {
		this.#nodeName = nodeName
	}

	/** This node, as it was last seen: it stays when the object is deleted. */
	get node(): Node | undefined {
		return this.#node
	}

	/** Of all Nodes but this one. It changes in place. */
	get otherNodeAddresses(): ReadonlySet<Address> {
		return this.#otherNodes.all
	}

	/** Where ClusterIPs are taken from: the union of all ServiceCIDRs, without repetition, in the order of their text. */
	get serviceNetworks(): readonly Prefix[] {
		return this.#serviceNetworks
	}

	/** Takes one change in. */
	apply(change: ObjectChange): Touched {
		switch (change.kind) {
			case 'Service':
				return this.#applyService(change.key, change.object)
			case 'EndpointSlice':
				return this.#applySlice(change.key, change.object)
			case 'Node':
				return this.#applyNode(change.key, change.object)
			case 'ServiceCIDR':
				return this.#applyServiceCIDR(change.key, change.object)
		}
	}

	/** Empty for a Node that is not known; of this node as they were last seen. */
	nodeAnnotationsOf(node: ObjectKey): Node['annotations'] {
		return this.#nodeAnnotations.get(node) ?? NO_ANNOTATIONS
	}

	/** The Services that have endpoints on one of these nodes. It looks at every endpoint. */
	servicesOn(nodes: ReadonlySet<string>): ReadonlySet<ObjectKey> {
		const found = new Set<ObjectKey>()
		for (const [service, slices] of nodes.size > 0 ? this.#slicesOfService : []) {
			for (const {endpoints} of listOf(slices)) {
				if (endpoints.some(({nodeName}) => nodes.has(nodeName))) {
					found.add(service)
					break
				}
			}
		}
		return found
	}

	/** All slices that name this Service. */
	slicesOf(service: ObjectKey): readonly EndpointSlice[] {
		return listOf(this.#slicesOfService.get(service))
	}

	#applyService(key: ObjectKey, service: Service | undefined): Touched {
		const before = this.services.get(key)
		service ? this.services.set(key, service) : this.services.delete(key)
		return isSame(before, service) ? NOTHING : {services: [key]}
	}

	/** A slice may change its Service: the old one loses it, the new one gains it. */
	#applySlice(key: ObjectKey, slice: EndpointSlice | undefined): Touched {
		const known = this.#slices.get(key)
		const before = serviceOf(known)
		const after = serviceOf(slice)
		slice ? this.#slices.set(key, slice) : this.#slices.delete(key)
		for (const service of new Set([before, after])) {
			if (service !== undefined) {
				const slices = replaced(this.slicesOf(service), known, service === after ? slice : undefined)
				setList(this.#slicesOfService, service, slices)
			}
		}
		if (isSame(timeless(known), timeless(slice))) {
			return NOTHING
		}
		return {services: [...new Set([before, after])].filter(service => service !== undefined)}
	}

	#applyNode(key: ObjectKey, node: Node | undefined): Touched {
		const isOwn = key === this.#nodeName
		if (isOwn && !node) {
			return NOTHING
		}
		const touched = isOwn ? this.#applyOwnNode(node) : this.#applyOtherNode(key, node)
		const before = this.nodeAnnotationsOf(key)
		const after = node?.annotations ?? NO_ANNOTATIONS
		after.size > 0 ? this.#nodeAnnotations.set(key, after) : this.#nodeAnnotations.delete(key)
		return isSame(before, after) ? touched : {...touched, annotatedNode: key}
	}

	#applyOwnNode(node: Node | undefined): Touched {
		if (isSame(this.#node, node)) {
			return NOTHING
		}
		this.#node = node
		return {services: [], aspect: 'node'}
	}

	#applyOtherNode(key: ObjectKey, node: Node | undefined): Touched {
		const nodeAddresses = this.#otherNodes.replace(key, node?.addresses)
		return nodeAddresses.length > 0 ? {services: [], nodeAddresses} : NOTHING
	}

	#applyServiceCIDR(key: ObjectKey, object: ServiceCIDR | undefined): Touched {
		object ? this.#serviceCIDRs.set(key, object) : this.#serviceCIDRs.delete(key)
		const networks = unionOf(this.#serviceCIDRs.values())
		if (isSame(this.#serviceNetworks, networks)) {
			return NOTHING
		}
		this.#serviceNetworks = networks
		return {services: [], aspect: 'serviceNetworks'}
	}
}

/** A slice keeps its place. */
const replaced = (
	slices: readonly EndpointSlice[],
	known: EndpointSlice | undefined,
	slice: EndpointSlice | undefined,
): readonly EndpointSlice[] => {
	const at = known ? slices.indexOf(known) : -1
	const added = slice ? [slice] : []
	return at === -1 ? [...slices, ...added] : slices.toSpliced(at, 1, ...added)
}

/** None of a slice of names, which nobody serves. */
const serviceOf = (slice: EndpointSlice | undefined): ObjectKey | undefined =>
	slice?.family && slice.serviceName !== '' ? objectKey(slice.namespace, slice.serviceName) : undefined

/** When a slice was triggered says nothing about whom it names. */
const timeless = (slice: EndpointSlice | undefined): EndpointSlice | undefined =>
	slice && {...slice, triggeredAt: undefined}

const unionOf = (serviceCIDRs: Iterable<ServiceCIDR>): readonly Prefix[] => {
	const networks = [...serviceCIDRs].flatMap(object => object.networks)
	const byText = new Map(networks.map(network => [formatPrefix(network), network]))
	return [...byText.keys()].sort().flatMap(text => byText.get(text) ?? [])
}
