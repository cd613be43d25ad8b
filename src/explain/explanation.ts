import type {VipKind} from '../desired/addresses.ts'
import type {TrafficPolicy} from '../model/service.ts'
import type {Family} from '../net/address.ts'
import type {Protocol} from '../net/protocol.ts'
import type {VirtualServerKey} from '../state/ipvs.ts'

/** What became of one Service on this node, and why. Plain data, and bounded: lists say how much they leave out. */
export interface Explanation {
	/** `namespace/name` */
	readonly service: string
	readonly type: string
	/** This one. */
	readonly node: {readonly name: string; readonly zone: string}
	/** Why nothing of it is served here; absent where it is. */
	readonly whyNot?: string
	readonly externalTrafficPolicy: TrafficPolicy
	readonly internalTrafficPolicy: TrafficPolicy
	/** Clients that may use load-balancer IPs; empty for everybody. */
	readonly sourceRanges: readonly string[]
	readonly annotations: Bounded<AnnotationExplanation>
	/** Addresses in a family that the node or the Service does not have. */
	readonly otherAddresses: Bounded<{readonly address: string; readonly whyNot: string}>
	readonly ports: Bounded<PortExplanation>
	/** Ports that are served besides those of the Service. */
	readonly ranges: Bounded<RangeExplanation>
	/** Values that are not served as written, besides annotations. */
	readonly problems: Bounded<string>
}

export interface Bounded<Item> {
	readonly items: readonly Item[]
	/** So many more were left out. */
	readonly more: number
}

export interface AnnotationExplanation {
	readonly name: string
	readonly value: string
	/** What it sets in the kernel; absent where it is not followed. */
	readonly effect?: string
	/** Why it is not followed, or not everywhere. */
	readonly ignored?: string
}

export interface RangeExplanation {
	/** `udp 203.0.113.5 10000-10999`, or an address alone for all of its ports. */
	readonly ports: string
	readonly server?: VirtualServerKey
	readonly whyNot?: string
}

/** One service port in one family. */
export interface PortExplanation {
	readonly name: string
	readonly protocol: Protocol
	readonly port: number
	readonly family: Family
	readonly addresses: Bounded<AddressExplanation>
	readonly endpoints: Bounded<EndpointExplanation>
}

export interface AddressExplanation {
	readonly kind: VipKind
	/** `203.0.113.5:80`, without a port where it is not served. */
	readonly address: string
	/** Those who come to this virtual server by the address. */
	readonly clients: 'all' | 'inside' | 'outside'
	readonly policy: TrafficPolicy
	readonly server?: ServerExplanation
	readonly whyNot?: string
}

export interface ServerExplanation {
	readonly key: VirtualServerKey
	/** `wrr persistent 300s` */
	readonly balancing: string
	/** `masquerade` */
	readonly forwarding: string
	/** `at most 1000 connections per endpoint` and the like. */
	readonly limits?: string
	/** False where the kernel does not have it (yet). */
	readonly isInKernel: boolean
}

export interface EndpointExplanation {
	/** `10.244.1.5:8080` */
	readonly address: string
	/** Empty where it is not known. */
	readonly node: string
	readonly zone: string
	/** What it is to virtual servers under that policy; absent where none has it. */
	readonly cluster?: PlaceExplanation
	readonly local?: PlaceExplanation
}

export interface PlaceExplanation {
	/** It takes new connections; absent where it is left out. */
	readonly weight?: WeightExplanation
	/** Why it is left out, or used in spite of that. */
	readonly why?: string
	readonly draining?: DrainExplanation
}

export interface WeightExplanation {
	/** In the kernel; undefined while it is not there. */
	readonly now: number | undefined
	readonly full: number
	/** Who says so: `Service zone=eu-1a`, `Node`, `default`. */
	readonly from: string
	/** How far slow start has come. */
	readonly slowStartPercent?: number
}

export interface DrainExplanation {
	/** Undefined until the clock has seen it. */
	readonly seconds: number | undefined
	readonly deadlineSeconds: number | undefined
	readonly connections: number
}

export const bounded = <Item>(items: readonly Item[], most: number): Bounded<Item> => ({
	items: items.slice(0, most),
	more: Math.max(items.length - most, 0),
})
